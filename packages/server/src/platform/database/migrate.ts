import { type Kysely, type Migration, Migrator } from 'kysely'
import type { DatabaseKind } from './database.ts'
import { actingAsAndAuditLists } from './migrations/acting-as-and-audit-lists.ts'
import { alertMailsAndRetention } from './migrations/alert-mails-and-retention.ts'
import { alerts } from './migrations/alerts.ts'
import { alertsInOrder } from './migrations/alerts-in-order.ts'
import { allotmentUse } from './migrations/allotment-use.ts'
import { applicationPlugins } from './migrations/application-plugins.ts'
import { auditLogByKeys } from './migrations/audit-log-by-keys.ts'
import { brands } from './migrations/brands.ts'
import { clientCounts } from './migrations/client-counts.ts'
import { contentJournal } from './migrations/content-journal.ts'
import { foundation } from './migrations/foundation.ts'
import { jobs } from './migrations/jobs.ts'
import { licencesAndTrials } from './migrations/licences-and-trials.ts'
import { listsFromIndexes } from './migrations/lists-from-indexes.ts'
import { listsLanguagesAndRetiredPlugins } from './migrations/lists-languages-and-retired-plugins.ts'
import { locksByAge } from './migrations/locks-by-age.ts'
import { purgeApprovals } from './migrations/purge-approvals.ts'
import { reasonsOfRefusals } from './migrations/reasons-of-refusals.ts'
import { runs } from './migrations/runs.ts'
import { signInMethods } from './migrations/sign-in-methods.ts'
import { spaceDays } from './migrations/space-days.ts'
import { storageLocations } from './migrations/storage-locations.ts'
import { trashAndUndelete } from './migrations/trash-and-undelete.ts'
import { trashInOrderOfNames } from './migrations/trash-in-order-of-names.ts'
import { trashIndexesInOrderOfNames } from './migrations/trash-indexes-in-order-of-names.ts'
import { users } from './migrations/users.ts'
import { waitingRoom } from './migrations/waiting-room.ts'
import { warningSigns } from './migrations/warning-signs.ts'
import type { Schema } from './schema.ts'

/**
 * Brings the database's tables to this version's shape; several servers may start at once.
 * @param upTo the last migration wanted, where the tables are to be as an older version had them
 */
export async function migrate(queries: Kysely<Schema>, kind: DatabaseKind, upTo?: string): Promise<void> {
  const migrations: Record<string, Migration> = {
    '0001-foundation': foundation(kind),
    '0002-waiting-room': waitingRoom(kind),
    '0003-jobs': jobs(),
    '0004-licences-and-trials': licencesAndTrials(kind),
    '0005-users': users(kind),
    '0006-content-journal': contentJournal(kind),
    '0007-space-days': spaceDays(kind),
    '0008-trash-and-undelete': trashAndUndelete(kind),
    '0009-sign-in-methods': signInMethods(kind),
    '0010-acting-as-and-audit-lists': actingAsAndAuditLists(),
    '0011-purge-approvals': purgeApprovals(),
    '0012-allotment-use': allotmentUse(),
    '0013-alerts': alerts(),
    '0014-client-counts': clientCounts(kind),
    '0015-alert-mails-and-retention': alertMailsAndRetention(kind),
    '0016-brands': brands(kind),
    '0017-warning-signs': warningSigns(),
    '0018-application-plugins': applicationPlugins(),
    '0019-trash-in-order-of-names': trashInOrderOfNames(kind),
    '0020-storage-locations': storageLocations(),
    '0021-trash-indexes-in-order-of-names': trashIndexesInOrderOfNames(),
    '0022-lists-languages-and-retired-plugins': listsLanguagesAndRetiredPlugins(kind),
    '0023-alerts-in-order': alertsInOrder(),
    '0024-reasons-of-refusals': reasonsOfRefusals(),
    '0025-audit-log-by-keys': auditLogByKeys(kind),
    '0026-runs': runs(kind),
    '0027-locks-by-age': locksByAge(),
    '0028-lists-from-indexes': listsFromIndexes(kind),
  }
  const migrator = new Migrator({ db: queries, provider: { getMigrations: async () => migrations } })
  const { error, results } = await (upTo === undefined
    ? migrator.migrateToLatest()
    : migrator.migrateTo(upTo))
  if (error) {
    const failed =
      results?.find((result) => result.status === 'Error')?.migrationName ?? 'reading what was done before'
    throw new Error(`The database could not be brought up to date (${failed})`, { cause: error })
  }
}
