import type { CopySource, VaultStore } from '@granary/object-store'
import { CredentialHash, passwordResetJob } from './access/access.ts'
import { alertJobs, summaryJob, webhookJob } from './alerts/alerts.ts'
import { endTrials } from './clients/end-trials.ts'
import type { Config } from './config.ts'
import { deleteEndedTrials, purgeJob, undeleteJob } from './deletions/deletions.ts'
import { purgeTrash } from './deletions/purge-trash.ts'
import { windowsTime } from './deletions/windows-time.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database/database.ts'
import { type JobKind, JobRunner } from './platform/jobs/jobs.ts'
import type { Log } from './platform/log.ts'
import { mailJob } from './platform/mail/mail.ts'
import type { ServerKey } from './platform/server-key.ts'
import { retentionJob } from './retention/retention.ts'
import { scrubJob } from './scrub/scrub.ts'
import { backUpServerJobKind } from './server-backup/server-backup.ts'
import { recordSpace } from './space-history/space-history.ts'
import type { Storage } from './storage/storage.ts'
import type { ObjectLedger } from './vaults/object-ledger.ts'
import { warningJob } from './warnings/warnings.ts'

export interface JobParts {
  readonly database: Database
  readonly store: VaultStore
  readonly ledger: ObjectLedger
  /** Backs up database and key; absent in tests of other jobs */
  readonly backUpServer?: () => Promise<void>
  /** Where good copies of damaged objects may be had */
  readonly copies: readonly CopySource[]
  readonly serverKey: ServerKey
  readonly clock: Clock
  readonly log: Log
  readonly dataFolder: string
  readonly storageLocations: Storage['locations']
  /** The certificate this server shows; undefined where something before it does TLS */
  readonly tls: Config['tls']
}

const minute = 60_000

/** Everything this server does by itself, put together. @param holder names this process */
export function createJobs(parts: JobParts, holder: string): JobRunner {
  const kinds: JobKind[] = [
    mailJob(parts),
    webhookJob(parts),
    alertJobs(parts),
    summaryJob(parts),
    retentionJob(parts),
    passwordResetJob(parts, new CredentialHash(parts.serverKey, 'one-time-links')),
    undeleteJob(parts),
    purgeJob(parts),
    scrubJob(parts),
    warningJob(parts),
    ...(parts.backUpServer
      ? [
          {
            name: backUpServerJobKind,
            everyMs: 24 * 60 * minute,
            heavy: true as const,
            run: parts.backUpServer,
          },
        ]
      : []),
    {
      name: 'purge-trash',
      everyMs: 10 * minute,
      run: async () => {
        await parts.ledger.retryMoves()
        await purgeTrash(parts, await windowsTime(parts))
      },
    },
    {
      name: 'record-space',
      everyMs: 30 * minute,
      heavy: true,
      run: async () => {
        await recordSpace(parts)
      },
    },
    {
      name: 'end-trials',
      everyMs: minute,
      run: async () => {
        await endTrials(parts)
        await deleteEndedTrials(parts)
      },
    },
  ]
  return new JobRunner({ ...parts, holder }, kinds)
}
