import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** In `clients.trash_kept_until`: nothing of the client's trash is purged until somebody releases it. */
export const untilReleased = Number.MAX_SAFE_INTEGER

/** True for a row of `clients` whose trash waits for somebody to release it. */
export const frozen = sql<SqlBool>`(clients.trash_kept_until is not null and clients.trash_kept_until = ${sql.lit(untilReleased)})`

/** True for a row of `clients`, as `k`, that went with a row of `deletions`, or whose vault that is about. */
export const isOfDeletion = sql<SqlBool>`(k.deletion_id = deletions.id or k.vault_no = deletions.vault_no)`

/** True where the trash of a vault waits for somebody to release it. @param vaultNo of which vault */
export function isFrozen(vaultNo: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return isKept(vaultNo, untilReleased - 1)
}

/**
 * True where the trash of a vault is frozen, or was released only lately. Few clients ever are: they are found in an
 * index of their own.
 * @param vaultNo of which vault
 */
export function isKept(vaultNo: RawBuilder<unknown>, now: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`${vaultNo} in (
    select k.vault_no from clients as k where k.trash_kept_until is not null and k.trash_kept_until > ${now})`
}
