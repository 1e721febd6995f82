import { z } from 'zod'
import { fault } from './faults.ts'

/** Fields that mean the same wherever they stand. */

// Controls, bidirectional overrides and isolates, fillers, soft hyphens, tags: invisible, and able to disguise one name as
// another. Joiners and variation selectors are not: scripts and pictures are written with them.
const invisible =
  /[\p{Cc}\u2800\ufff9-\ufffb]|(?!\u200c|\u200d|[\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}/u
const onlyJoiners = /^[\p{Default_Ignorable_Code_Point} ]+$/u

/** A name of a reseller, customer or user in any script: trimmed, NFC, 1 to 120 characters, nothing invisible. */
export const name = z
  .string()
  .transform((text) => text.normalize('NFC').trim().replace(/\s+/gu, ' '))
  .pipe(
    z
      .string()
      .min(1, fault('name-needed'))
      .max(120)
      .refine((text) => !onlyJoiners.test(text), fault('name-needed'))
      .refine(
        (text) => onlyJoiners.test(text) || (!invisible.test(text) && text.isWellFormed()),
        fault('invisible-characters'),
      ),
  )

/** What two names share when people would take them for the same: trimmed, NFKC, case folded. */
export function nameKey(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLocaleLowerCase('und')
}

/** The name a client backs up under. Not only dots, so that it can stand in a path. */
export const clientId = z
  .string()
  .min(1, fault('client-id-needed'))
  .max(63)
  .regex(/^[A-Za-z0-9._-]+$/, fault('not-a-client-id'))
  .refine((text) => !/^\.+$/.test(text), fault('dots-alone'))

/** A customer's part of its vault addresses; fixed at creation. */
export const urlKey = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, fault('not-a-url-key'))

/** What a storage location is called in `GRANARY_STORAGE`, and everywhere else. */
export const storageLocationName = z
  .string()
  .min(1, fault('name-needed'))
  .max(40)
  .regex(/^[a-z0-9-]+$/, fault('not-a-location'))

/** Bytes; null means without limit. */
export const allottedBytes = z.int(fault('whole-bytes')).min(0).nullable()

/** MCALs; null means as many as required. */
export const allottedMcals = z.int(fault('whole-mcals')).min(0).max(1_000_000_000).nullable()

/** Free text of one or more lines, without control characters other than line ends and tabs. */
function text(maximum: number) {
  return z
    .string()
    .max(maximum)
    .refine((value) => !/[^\P{Cc}\n\r\t]/u.test(value) && value.isWellFormed(), fault('control-characters'))
}

/** One line of free text; may be empty. */
export function line(maximum: number) {
  return text(maximum).refine((value) => !/[\n\r\t]/.test(value), fault('several-lines'))
}

/** Who a reseller or customer is, for people and invoices. Every field may be empty. */
export const information = z.strictObject({
  email: z.union([z.literal(''), z.email().max(254)]),
  address: text(500),
  city: text(120),
  country: text(120),
  phone: text(60),
  taxNumber: text(60),
  notes: text(5000),
})

/** Milliseconds since 1970. */
export const timestamp = z.int()
/** A time that somebody sets: one that calendars have, up to the end of the year 9999. */
export const settableTime = timestamp.min(0).max(Date.UTC(9999, 11, 31, 23, 59, 59, 999))
export const id = z.string().max(64)
export const tenantState = z.enum(['active', 'deactivated'])

export const space = z.object({
  allottedBytes: allottedBytes.describe('The limit; null: unlimited'),
  usedBytes: z.int().min(0).describe('What is stored now, as stored'),
  usedBytesMonthAgo: z
    .int()
    .min(0)
    .nullable()
    .describe('What was stored thirty days ago; null where that is not known'),
  trashBytes: z
    .int()
    .min(0)
    .describe('What lies in the trash, deleted clients’ vaults included; no part of Used Space'),
})

export const mcals = z.object({
  allotted: allottedMcals.describe('Units allotted; null: drawn from the pool as required'),
  used: z.int().min(0).describe('Units drawn in this calendar month'),
  usedTillDate: z.int().min(0).describe('Units ever drawn'),
})

/**
 * The parts of `space` and `mcals` that are set rather than measured; what was read may be sent back whole.
 * A misspelt field is refused: ignored, it would leave a limit unset that someone meant to set.
 */
export const spaceInput = z.strictObject({
  allottedBytes: allottedBytes.optional(),
  usedBytes: z.unknown().optional(),
  usedBytesMonthAgo: z.unknown().optional(),
  trashBytes: z.unknown().optional(),
  allottedBelowBytes: z.unknown().optional(),
})
export const mcalsInput = z.strictObject({
  allotted: allottedMcals.optional(),
  used: z.unknown().optional(),
  usedTillDate: z.unknown().optional(),
})
