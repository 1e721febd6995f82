import { z } from 'zod'
import { fault } from './faults.ts'
import { id, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { levels } from './roles.ts'
import { clientKinds } from './states.ts'

/** A calendar month in the server's time zone. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, fault('not-a-month'))

/** Whose MCALs are looked at: one's own place where nothing is named. */
export const licenceQuery = z.object({
  reseller: id.optional().describe('A reseller in scope'),
  customer: id.optional().describe('A customer in scope'),
})

/** MCALs of the server’s pool, a reseller or a customer. */
export const licenceAccount = z
  .object({
    level: z.enum(levels),
    id: id.nullable().describe('Of the reseller or customer; null for the pool'),
    name: z.string(),
    allotted: z.int().nullable().describe('Units ever allotted; null: as many as required'),
    usedTillDate: z.int(),
    left: z.int().nullable().describe('Allotted less used; null where there is no number'),
    month,
    usedThisMonth: z.int(),
    usedLastMonth: z.int(),
    expectedThisMonth: z
      .int()
      .describe('Units still to be drawn in this month, should as many draw as in the last one'),
    shortBy: z.int().describe('How many of those are not there; 0 where the balance lasts'),
  })
  .meta({ id: 'LicenceAccount' })
export type LicenceAccount = z.infer<typeof licenceAccount>

/** Units by what they were drawn for: a kind of client, or the key of a plug-in. */
const drawnFor = z.array(z.object({ part: z.string(), units: z.int() }))

export const statementRow = z
  .object({
    month,
    opening: z.int().nullable().describe('null where there was no number'),
    added: z.int(),
    used: z.int(),
    usedFor: drawnFor.describe('What the used ones were drawn for'),
    closing: z.int().nullable(),
  })
  .meta({ id: 'LicenceStatementRow' })
export type StatementRow = z.infer<typeof statementRow>

export const statementQuery = licenceQuery.extend({
  months: z.coerce.number().int().min(1).max(120).default(12).describe('How many months, this one included'),
})
export const statement = z.object({ rows: z.array(statementRow) })

export const drawReasons = ['first-backup', 'kind-change', 'plugin-change'] as const
export type DrawReason = (typeof drawReasons)[number]

/** One draw of MCALs, with what was left at each level after it. */
export const licenceDraw = z
  .object({
    id,
    at: timestamp,
    month,
    client: z.object({ id, clientId: z.string() }),
    customer: z.object({ id, name: z.string() }).describe('Whose client it was then'),
    kind: z.enum(clientKinds),
    units: z.int(),
    drawnFor: drawnFor.describe('What they were drawn for, adding up to `units`'),
    reason: z.enum(drawReasons),
    left: z
      .object({ pool: z.int().nullable(), reseller: z.int().nullable(), customer: z.int().nullable() })
      .describe('null where there was no number, or where it is not yours to see'),
  })
  .meta({ id: 'LicenceDraw' })
export type LicenceDraw = z.infer<typeof licenceDraw>

export const drawListQuery = listQuery.extend({
  reseller: id.optional(),
  customer: id.optional(),
  month: month.optional(),
  sort: sortBy(['at'], '-at'),
})
export type DrawListQuery = z.infer<typeof drawListQuery>
export const drawList = listOf(licenceDraw)

export const allotmentListQuery = listQuery.extend({
  reseller: id.optional(),
  customer: id.optional(),
  sort: sortBy(['at'], '-at'),
})
export type AllotmentListQuery = z.infer<typeof allotmentListQuery>

/** One change of what a level is allotted. */
export const allotment = z
  .object({
    id,
    at: timestamp,
    level: z.enum(levels),
    name: z.string(),
    leftBefore: z.int().nullable().describe('null: there was no number'),
    leftAfter: z.int().nullable(),
    note: z.string(),
    by: z.string(),
  })
  .meta({ id: 'LicenceAllotment' })
export type LicenceAllotment = z.infer<typeof allotment>
export const allotmentList = listOf(allotment)

export const addMcalsInput = z.object({
  units: z
    .int(fault('whole-mcals'))
    .min(-1_000_000_000)
    .max(1_000_000_000)
    .refine((units) => units !== 0, fault('zero'))
    .describe('MCALs to add to the pool; below zero takes some back'),
  note: z
    .string()
    .trim()
    .max(500)
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), fault('control-characters'))
    .default(''),
})
