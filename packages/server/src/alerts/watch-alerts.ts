import type { AlertKind, AlertSettings } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { AlertRow, Schema } from '../platform/database/schema.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import { newId } from '../platform/new-id.ts'
import { mailAlerts } from './alert-mails.ts'
import { readAlertSettings } from './alert-settings.ts'
import type { Condition } from './condition.ts'
import { queueWebhooks } from './deliver-webhook.ts'
import {
  endingCertificate,
  endingTrials,
  lowDisk,
  lowSpace,
  overdueBackups,
  shortMcals,
} from './find-conditions.ts'

const everyMs = 5 * 60_000

export interface AlertParts {
  readonly database: Database
  readonly clock: Clock
  readonly dataFolder: string
  readonly certificateFile: string | undefined
}

/** Looks at everything that may be the matter, and tells what began and what is over. */
export function alertJobs(parts: AlertParts): JobKind {
  return {
    name: 'watch-alerts',
    everyMs,
    run: async () => {
      const settings = await readAlertSettings(parts.database.queries)
      const now = parts.clock.now()
      const conditions = await findConditions(parts, settings, now)
      await parts.database.transaction((transaction) => settle(transaction, { conditions, settings, now }))
    },
  }
}

async function findConditions(parts: AlertParts, settings: AlertSettings, now: number): Promise<Condition[]> {
  const { queries } = parts.database
  const ways: Record<AlertKind, () => Promise<Condition[]>> = {
    'space-low': () => lowSpace(queries, settings),
    'mcals-short': () => shortMcals(queries, now),
    'trial-ending': () => endingTrials(queries, settings, now),
    'backup-overdue': () => overdueBackups(queries, now),
    'disk-low': () => lowDisk(parts.dataFolder, settings),
    'certificate-ending': () => endingCertificate(parts.certificateFile, settings, now),
  }
  const found: Condition[] = []
  for (const kind of settings.kinds) found.push(...(await ways[kind]()))
  return found
}

/** One transaction: what is open now, and every mail and webhook that tells of a change. So each is told once. */
async function settle(
  transaction: Transaction<Schema>,
  { conditions, settings, now }: { conditions: readonly Condition[]; settings: AlertSettings; now: number },
): Promise<void> {
  const open = await transaction.selectFrom('alerts').selectAll().where('resolved_at', 'is', null).execute()
  const isOpen = new Set(open.map((row) => `${row.kind} ${row.subject_id}`))
  const isTheMatter = new Set(conditions.map(({ kind, subjectId }) => `${kind} ${subjectId}`))
  const began: AlertRow[] = []
  for (const condition of conditions) {
    if (isOpen.has(`${condition.kind} ${condition.subjectId}`)) continue
    began.push(await begin(transaction, condition, now))
  }
  const over = open.filter((row) => !isTheMatter.has(`${row.kind} ${row.subject_id}`))
  for (const { id } of over) {
    await transaction.updateTable('alerts').set({ resolved_at: now }).where('id', '=', id).execute()
  }
  const resolved = over.map((row) => ({ ...row, resolved_at: now }))
  await mailAlerts(transaction, { began, resolved, copyTo: settings.copyTo, now })
  await queueWebhooks(transaction, [...began, ...resolved], now)
}

async function begin(transaction: Transaction<Schema>, condition: Condition, now: number): Promise<AlertRow> {
  return await transaction
    .insertInto('alerts')
    .values({
      id: newId('alert'),
      kind: condition.kind,
      subject_id: condition.subjectId,
      subject_name: condition.subjectName,
      reseller_id: condition.resellerId,
      customer_id: condition.customerId,
      text: condition.text,
      began_at: now,
      resolved_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}
