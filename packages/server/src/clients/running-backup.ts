import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** Restic calls a lock stale after 30 minutes, and refreshes its own every 5. */
const lockLifeMs = 30 * 60_000
/** `objectTypeCode('locks')` */
const lockType = 2

/** All of them on the server: there is an index of locks, and few of them live. */
export function vaultsWithLivingLocks(now: number): RawBuilder<number> {
  return sql`select objects.vault_no from objects where ${isLivingLock(now)}`
}

/** True for a row of `clients` whose vault holds a living lock: a backup, or other work, runs there. */
export function runningBackup(now: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from objects where objects.vault_no = clients.vault_no and ${isLivingLock(now)})`
}

function isLivingLock(now: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`objects.type = ${sql.lit(lockType)} and objects.stored_at > ${now - lockLifeMs}`
}
