import { z } from 'zod'
import { id, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { reason } from './reasons.ts'

/** One line of the audit log: who did what to what, from where. */
export const auditEntry = z
  .object({
    id: z.string().describe('Its number in the log'),
    at: timestamp,
    event: z.string().describe('Such as `customer.created`'),
    actor: z
      .object({ id: z.string().nullable(), name: z.string() })
      .describe('Whoever belongs above one’s own place is called by no name'),
    address: z.string().describe('Where the request came from'),
    target: z.object({ id: z.string().nullable(), name: z.string() }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof auditEntry>

export const auditSortColumns = ['at', 'event', 'target', 'actor'] as const
export const auditListQuery = listQuery.extend({
  event: z.string().max(60).optional().describe('An event, or its beginning: `customer.`'),
  actor: z.string().max(100).optional().describe('`user:…`, `api-key:…`, `command-line`'),
  target: id.optional().describe('Everything done to this one'),
  from: z.coerce.number().int().optional().describe('Milliseconds since 1970, inclusive'),
  to: z.coerce.number().int().optional().describe('Milliseconds since 1970, exclusive'),
  sort: sortBy(auditSortColumns, '-at'),
})
export type AuditListQuery = z.infer<typeof auditListQuery>
export const auditList = listOf(auditEntry)

export const auditVerdict = z
  .object({
    intact: z.boolean(),
    entries: z.int().describe('Those that were verified'),
    prunedEntries: z
      .int()
      .describe(
        'Older ones that the retention of logs removed; the chain says so, and goes on from the last',
      ),
    brokenAt: z.int().nullable().describe('The first entry that does not fit; null: at the end, or nowhere'),
    reason: reason.nullable(),
  })
  .meta({ id: 'AuditVerdict' })
export type AuditVerdict = z.infer<typeof auditVerdict>
