import type { RetentionSettings } from '@granary/contract'
import { pruneAuditLog } from '../audit/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import { inBatches } from './in-batches.ts'
import { type OldRows, oldRows } from './old-rows.ts'
import { readRetention } from './retention-settings.ts'

export const retentionJobName = 'prune-logs'
const everyMs = 6 * 60 * 60_000
const day = 24 * 60 * 60_000

const whatIsOld: Record<Exclude<keyof RetentionSettings, 'auditDays'>, readonly OldRows[]> = {
  alertDays: [oldRows.alerts],
  deletedReportDays: [oldRows.deletions],
  waitingDays: [oldRows.waitingClients],
  jobDays: [oldRows.jobs],
  sessionDays: [oldRows.sessions, oldRows.links, oldRows.challenges, oldRows.signInFailures],
}

/** Removes what logs have kept for long enough, some rows at a time, so that nobody waits for it. */
export function retentionJob({ database, clock }: { database: Database; clock: Clock }): JobKind {
  return {
    name: retentionJobName,
    everyMs,
    async run({ signal }) {
      const now = clock.now()
      const { auditDays, ...others } = await readRetention(database.queries)
      for (const [setting, days] of Object.entries(others) as [keyof typeof whatIsOld, number | null][]) {
        if (days === null) continue
        for (const remove of whatIsOld[setting]) {
          await inBatches(database, signal, (transaction, rows) =>
            remove(transaction, now - days * day, rows),
          )
        }
      }
      if (auditDays !== null) await pruneAuditLog(database, { before: now - auditDays * day, now, signal })
    },
  }
}
