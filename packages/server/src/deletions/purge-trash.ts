import type { VaultStore } from '@granary/object-store'
import { type SqlBool, sql, type Transaction } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema, TrashRow } from '../platform/database/schema.ts'
import type { Log } from '../platform/log.ts'
import { isFrozen, isKept } from '../protection/protection.ts'
import { ledgerChange, moveDirection, objectTypeCode } from '../vaults/vaults.ts'
import { addSpace } from './accounts.ts'
import { finishPurges } from './finish-purges.ts'
import { groupRemovals } from './group-removals.ts'
import { purgeVaults } from './purge-vaults.ts'
import { compile, shrinkDeletion } from './undeletion-steps.ts'

/** The trash is indexed by the hour in which entries may be purged. */
const hourMs = 3_600_000
/** Entries purged in one transaction. */
const batchRows = 500

export interface PurgeParts {
  readonly database: Database
  readonly store: VaultStore
  readonly clock: Clock
  readonly log: Log
}

/** Who purges: the end of the window, or a person. */
export interface PurgedBy {
  readonly actor: string
  readonly address: string
}

const byWindow: PurgedBy = { actor: 'policy:undelete-window', address: '' }

/**
 * Removes for good what has been in the trash for its undelete window. The ledger says so first; the bytes follow, also
 * after a crash in between.
 * @param endedBy windows that end until then have ended; by the clock when left out
 * @returns how many objects were purged, those of whole vaults not counted
 */
export async function purgeTrash(parts: PurgeParts, endedBy = parts.clock.now()): Promise<number> {
  await groupRemovals(parts.database)
  await purgeVaults(parts, endedBy, byWindow)
  const isDue = sql<SqlBool>`t.until / ${sql.lit(hourMs)} <= ${Math.floor(endedBy / hourMs)} and t.until <= ${endedBy}
    and not ${isKept(sql`t.vault_no`, endedBy)}`
  return purgeEntries(parts, isDue, byWindow)
}

/**
 * Purges entries of the trash (as `t`), but none of a vault that is frozen or into which something is being brought back.
 * @returns how many
 */
export async function purgeEntries(
  parts: PurgeParts,
  which: ReturnType<typeof sql<SqlBool>>,
  by: PurgedBy,
): Promise<number> {
  const { database, clock } = parts
  let purged = 0
  for (;;) {
    const gone = await database.transaction((transaction) => purgeBatch(transaction, which, by, clock.now()))
    await finishPurges(parts)
    purged += gone
    if (gone < batchRows) return purged
  }
}

async function purgeBatch(
  transaction: Transaction<Schema>,
  which: ReturnType<typeof sql<SqlBool>>,
  by: PurgedBy,
  now: number,
): Promise<number> {
  // What lies in a vault that was purged is purged with it: its rows only go later.
  const isFree = sql<SqlBool>`${which} and t.deletion_id is not null
    and not exists (select 1 from clients as c where c.vault_no = t.vault_no and c.purged_at is not null)
    and not ${isFrozen(sql`t.vault_no`)}
    and not exists (select 1 from undeletions as u where u.vault_no = t.vault_no and u.finished_at is null)
    and not exists (select 1 from pending_moves as p
      where p.vault_no = t.vault_no and p.type = t.type and p.name = t.name and p.trash_id = t.id)`
  const found = await transaction
    .selectFrom('trash as t')
    .select(['t.vault_no', 't.type', 't.name', 't.id'])
    .where(isFree)
    .orderBy(sql`t.until / ${sql.lit(hourMs)}`)
    .limit(batchRows)
    .execute()
  if (found.length === 0) return 0
  const vaults = await holdVaults(transaction, [...new Set(found.map((row) => row.vault_no))])
  // Looked at once more now that nobody else may change these vaults.
  const due = sql<SqlBool>`(${isOneOf('t', found)}) and ${isFree}`
  const gone = await transaction.selectFrom('trash as t').selectAll().where(due).execute()
  if (gone.length === 0) return 0
  await transaction.deleteFrom('trash').where(isOneOf('trash', gone)).execute()
  await transaction
    .insertInto('pending_moves')
    .values(
      gone.map(({ id, vault_no, type, name }) => ({
        trash_id: id,
        vault_no,
        type,
        name,
        direction: moveDirection.away,
      })),
    )
    .execute()
  await transaction
    .insertInto('ledger')
    .values(
      gone.map(({ vault_no, type, name, bytes }) => ({
        ...{ at: now, vault_no, change: ledgerChange.purged, type, name, bytes },
        ...by,
      })),
    )
    .execute()
  await forgetRuns(transaction, gone)
  for (const vault of vaults) {
    const ofVault = gone.filter((row) => row.vault_no === vault.vault_no)
    if (ofVault.length === 0) continue
    const bytes = ofVault.reduce((sum, row) => sum + row.bytes, 0)
    for (const owner of [vault.id, vault.customer_id, vault.reseller_id])
      await addSpace(transaction, owner, { trash: -bytes }, now)
    const to = ofVault.reduce((last, row) => Math.max(last, row.trashed_at), 0)
    await transaction
      .updateTable('clients')
      .set({ trash_purged_to: sql`case when trash_purged_to < ${to} then ${to} else trash_purged_to end` })
      .where('vault_no', '=', vault.vault_no)
      .execute()
  }
  for (const [id, rows] of Map.groupBy(gone, (row) => row.deletion_id)) {
    if (id === null) continue
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0)
    await transaction.executeQuery(shrinkDeletion(transaction, id, 'purged', { objects: rows.length, bytes }))
  }
  return gone.length
}

/** Nobody asks what brought a version that is gone for good. */
async function forgetRuns(
  transaction: Transaction<Schema>,
  gone: readonly Pick<TrashRow, 'vault_no' | 'type' | 'name'>[],
): Promise<void> {
  const snapshots = gone.filter(({ type }) => type === objectTypeCode('snapshots'))
  for (const [vaultNo, ofVault] of Map.groupBy(snapshots, ({ vault_no }) => vault_no))
    await sql`delete from runs where vault_no = ${vaultNo} and name in (${sql.join(ofVault.map(({ name }) => name))})
      and not exists (select 1 from objects as o where o.vault_no = runs.vault_no
        and o.type = ${sql.lit(objectTypeCode('snapshots'))} and o.name = runs.name)`.execute(transaction)
}

/** Holds vaults until the transaction ends, and says whose accounts their space counts in. */
async function holdVaults(transaction: Transaction<Schema>, vaultNos: readonly number[]) {
  for (const vaultNo of [...vaultNos].sort((a, b) => a - b)) {
    await transaction.executeQuery(
      compile(transaction, sql`update clients set state = state where vault_no = ${vaultNo}`),
    )
  }
  return await transaction
    .selectFrom('clients as c')
    .innerJoin('customers as u', 'u.id', 'c.customer_id')
    .select(['c.id', 'c.vault_no', 'c.customer_id', 'u.reseller_id'])
    .where('c.vault_no', 'in', vaultNos)
    .orderBy('c.vault_no')
    .execute()
}

/** A condition on rows of the trash: these entries, by their keys. */
function isOneOf(alias: string, rows: readonly Pick<TrashRow, 'vault_no' | 'type' | 'name' | 'id'>[]) {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  const keys = rows.map(
    (row) =>
      sql`${column('vault_no')} = ${row.vault_no} and ${column('type')} = ${row.type}
        and ${column('name')} = ${row.name} and ${column('id')} = ${row.id}`,
  )
  return sql<SqlBool>`${sql.join(keys, sql` or `)}`
}
