import { z } from 'zod'
import { id, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { warningSensitivities } from './protection.ts'

/**
 * What the server can see of an attack or an accident without any key. `deduplication-lost`: nearly as much was stored
 * as the vault held, as when all files were encrypted. `repository-stripped`: config, keys or index are gone.
 */
export const warningSigns = [
  'new-bytes',
  'deduplication-lost',
  'data-removed',
  'versions-removed',
  'repository-stripped',
  'version-flood',
  'clock-skew',
] as const
export type WarningSign = (typeof warningSigns)[number]

export const warning = z
  .object({
    id,
    client: z.object({ id, clientId: z.string(), deleted: z.boolean() }),
    customer: z.object({ id, name: z.string() }),
    sign: z.enum(warningSigns),
    observed: z.int().describe('Bytes, versions or, of a clock, milliseconds that it is ahead'),
    usual: z.int().describe('What is usual for this client in the same time'),
    held: z.int().describe('Bytes or versions that the vault held before'),
    since: timestamp.describe('When it began, by the server’s clock'),
    putBackTo: timestamp.describe('The moment before: a vault put back to it is as it was'),
    raisedAt: timestamp,
    releasedAt: timestamp.nullable(),
    releasedBy: z.string(),
    reason: z.string().describe('Why it was released; may be empty'),
    expected: z.boolean().describe('Released as something that is usual for this client from now on'),
  })
  .meta({ id: 'Warning' })
export type Warning = z.infer<typeof warning>
/** A sign with the figures that made it one, before and after anybody was told of it. */
export type Sighting = Pick<Warning, 'sign' | 'observed' | 'usual' | 'held' | 'since'>

export const warningListQuery = listQuery.extend({
  client: id.optional(),
  customer: id.optional(),
  deletion: id.optional().describe('Of the clients that a line of the deleted report is frozen for'),
  state: z.enum(['open', 'released']).optional(),
  sign: z.enum(warningSigns).optional(),
  sort: sortBy(['raisedAt'] as const, '-raisedAt'),
})
export type WarningListQuery = z.infer<typeof warningListQuery>
export const warningList = listOf(warning)

/** What a client did in a day of its own, which begins with the first thing it does, by the server’s clock. */
export const vaultDay = z.object({
  beganAt: timestamp,
  backups: z.int().describe('Versions that arrived'),
  storedBytes: z.int(),
  removedBytes: z.int(),
  removedVersions: z.int(),
  heldBytes: z.int().describe('What the vault held when the day began'),
  unusual: z.boolean().describe('An alarm was raised for it'),
})

export const clientSigns = z
  .object({
    sensitivity: z.enum(warningSensitivities),
    frozen: z.boolean().describe('Nothing in its trash is purged until it is released'),
    keptUntil: timestamp
      .nullable()
      .describe('After a release: nothing is purged before this time, whatever its window'),
    learning: z
      .object({ days: z.int(), needed: z.int() })
      .describe('How much of its own past is known; signs that compare with it need so many days'),
    usual: z
      .object({ storedBytes: z.int(), removedBytes: z.int(), backups: z.int() })
      .describe('A usual day: the median of those on which it did any of it'),
    clockAheadMs: z
      .int()
      .nullable()
      .describe('How far its clock is ahead of the server’s; null where it has never said'),
    days: z.array(vaultDay).describe('The oldest first'),
    open: z.array(warning),
  })
  .meta({ id: 'ClientSigns' })
export type ClientSigns = z.infer<typeof clientSigns>

export const releaseInput = z.object({
  reason: z.string().trim().max(500).default('').describe('Stands in the audit log'),
  expected: z
    .boolean()
    .default(false)
    .describe('It was meant to be, and is usual from now on: no alarm is raised for as much again'),
})
