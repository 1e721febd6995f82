import type { AlertKind, AlertSettings } from '@granary/contract'
import type { CopySource } from '@granary/object-store'
import type { Transaction } from 'kysely'
import { CredentialHash } from '../access/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { AlertRow, Schema } from '../platform/database/schema.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import type { Log } from '../platform/log.ts'
import type { ServerKey } from '../platform/server-key.ts'
import type { Storage } from '../storage/storage.ts'
import { alertJobName } from './alert-job-name.ts'
import { mailAlerts } from './alert-mails.ts'
import { readAlertSettings } from './alert-settings.ts'
import type { Condition } from './condition.ts'
import { queueWebhooks } from './deliver-webhook.ts'
import { endingCertificate, type TlsFiles } from './ending-certificate.ts'
import {
  endingTrials,
  failedServerBackup,
  lowDisk,
  lowLocations,
  lowSpace,
  overdueBackups,
  shortMcals,
} from './find-conditions.ts'
import { damagedVaults, warnedClients } from './find-vault-conditions.ts'
import { messageOf } from './shown-alert.ts'
import { beginAlert, sayAsItIs } from './tell-alert.ts'

const everyMs = 5 * 60_000

export interface AlertParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly dataFolder: string
  readonly storageLocations: Storage['locations']
  /** The certificate this server shows; undefined where something before it does TLS */
  readonly tls: TlsFiles | undefined
  readonly serverKey: ServerKey
  /** Where good copies of damaged objects may be had */
  readonly copies: readonly CopySource[]
}

/** Looks at everything that may be the matter, and tells what began and what is over. */
export function alertJobs(parts: AlertParts): JobKind {
  const unsubscribeLinks = new CredentialHash(parts.serverKey, 'unsubscribe-links')
  return {
    name: alertJobName,
    everyMs,
    run: async () => {
      const settings = await readAlertSettings(parts.database.queries)
      const now = parts.clock.now()
      const look = await findConditions(parts, settings, now)
      await parts.database.transaction((transaction) =>
        settle(transaction, { ...look, settings, unsubscribeLinks, now }),
      )
    },
  }
}

/** Warning signs are told of by whoever raises them; `settle` looks at them itself. */
type FoundKind = Exclude<AlertKind, 'warning-sign'>

interface Look {
  readonly conditions: readonly Condition[]
  /** What could not be looked at: of these nothing is known, neither that it began nor that it is over. */
  readonly unknown: ReadonlySet<AlertKind>
}

async function findConditions(parts: AlertParts, settings: AlertSettings, now: number): Promise<Look> {
  const { queries } = parts.database
  const ways: Record<FoundKind, () => Promise<Condition[]>> = {
    'space-low': () => lowSpace(queries, settings),
    'mcals-short': () => shortMcals(queries, now),
    'trial-ending': () => endingTrials(queries, settings, now),
    'backup-overdue': () => overdueBackups(queries, now),
    'disk-low': async () => [
      ...(await lowDisk(parts.dataFolder, settings)),
      ...(await lowLocations(parts.storageLocations, parts.dataFolder, settings)),
    ],
    'certificate-ending': () => endingCertificate(parts.tls, settings, now),
    'damage-found': () => damagedVaults(queries, parts.copies.length > 0),
    'server-backup-failed': () => failedServerBackup(queries),
  }
  const conditions: Condition[] = []
  const unknown = new Set<AlertKind>()
  for (const kind of settings.kinds) {
    if (kind === 'warning-sign') continue
    try {
      conditions.push(...(await ways[kind]()))
    } catch (error) {
      // A disk that can't be read, say, must not keep every other alert from being told.
      unknown.add(kind)
      parts.log.error({ err: error, kind }, 'What alerts are about could not be looked at')
    }
  }
  return { conditions, unknown }
}

/**
 * One transaction: what is open now, and every mail and webhook that tells of a change. So each is told once. What
 * began while mail was not set up is mailed once it is; what was over before that never is. What has become another
 * matter, or moved to another place, is over there and begins here: those whom it concerns now have not been told.
 */
async function settle(
  transaction: Transaction<Schema>,
  look: Look & {
    settings: AlertSettings
    unsubscribeLinks: CredentialHash
    now: number
  },
): Promise<void> {
  const { settings, unsubscribeLinks, now } = look
  const open = await transaction.selectFrom('alerts').selectAll().where('resolved_at', 'is', null).execute()
  // Told of by whoever raises and releases them. Looked at after the alerts, so that none is taken for over that began
  // in this very moment.
  const warned = settings.kinds.includes('warning-sign') ? await warnedClients(transaction) : []
  const conditions = [...look.conditions, ...warned]
  const known = new Map(open.map((row) => [`${row.kind} ${row.subject_id}`, row]))
  const still: AlertRow[] = []
  const begins: Condition[] = []
  for (const condition of conditions) {
    const row = known.get(`${condition.kind} ${condition.subjectId}`)
    if (row && isTheSame(row, condition)) still.push(await sayAsItIs(transaction, row, condition))
    else begins.push(condition)
  }
  const goesOn = new Set(still.map(({ id }) => id))
  const over = open.filter(({ id, kind }) => !goesOn.has(id) && !look.unknown.has(kind))
  for (const { id } of over) {
    await transaction.updateTable('alerts').set({ resolved_at: now }).where('id', '=', id).execute()
  }
  // After what is over: of a kind, one alert about a subject is open at a time.
  const began: AlertRow[] = []
  for (const condition of begins) began.push(await beginAlert(transaction, condition, now))
  const resolved = over.map((row) => ({ ...row, resolved_at: now }))
  const toMail = {
    began: [...still.filter((row) => row.mailed_at === null), ...began],
    // What is only not told of any more is not over.
    resolved: resolved.filter((row) => row.mailed_at !== null && settings.kinds.includes(row.kind)),
  }
  if (await mailAlerts(transaction, { ...toMail, copyTo: settings.copyTo, unsubscribeLinks, now })) {
    // These and no others: what somebody opened meanwhile has yet to be mailed.
    for (const { id } of toMail.began) {
      await transaction.updateTable('alerts').set({ mailed_at: now }).where('id', '=', id).execute()
    }
  }
  await queueWebhooks(transaction, [...began, ...resolved], now)
}

/** Whether a condition is what an open alert told of, to those whom it told. */
function isTheSame(row: AlertRow, { resellerId, customerId, message }: Condition): boolean {
  const code = messageOf(row)?.code ?? message.code
  return row.reseller_id === resellerId && row.customer_id === customerId && code === message.code
}
