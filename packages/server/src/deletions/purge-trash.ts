import type { VaultStore } from '@granary/object-store'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { ledgerChange, nameText, objectTypeOf, vaultFolder } from '../vaults/vaults.ts'

/** Entries purged in one transaction. */
const batchRows = 200

/**
 * Removes for good what has been in the trash for its undelete window. The bytes go first: a crash in between
 * leaves an entry whose bytes are gone, which the next run concludes.
 * @returns how many objects were purged
 */
export async function purgeTrash({
  database,
  store,
  clock,
}: {
  database: Database
  store: VaultStore
  clock: Clock
}): Promise<number> {
  let purged = 0
  for (;;) {
    const due = await findDue(database, clock.now())
    for (const { id, folder, handle } of due) store.purge(folder, handle, id)
    if (due.length > 0)
      purged += await conclude(
        database,
        due.map(({ id }) => id),
        clock.now(),
      )
    if (due.length < batchRows) return purged
  }
}

async function findDue(database: Database, now: number) {
  const rows = await database.queries
    .selectFrom('trash as t')
    .innerJoin('clients as c', 'c.vault_no', 't.vault_no')
    .select(['t.id', 't.vault_no', 't.type', 't.name', 'c.client_id'])
    .where('t.until', '<=', now)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('pending_moves as p').select('p.trash_id').whereRef('p.trash_id', '=', 't.id'),
        ),
      ),
    )
    .orderBy('t.until')
    .limit(batchRows)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    folder: vaultFolder(row.vault_no, row.client_id),
    handle: { type: objectTypeOf(row.type), name: nameText(row.name) },
  }))
}

/** Of two servers that purge the same entries, each one is ledgered by the one that takes it out. */
async function conclude(database: Database, ids: number[], now: number): Promise<number> {
  return database.transaction(async (transaction) => {
    const gone = await transaction.deleteFrom('trash').where('id', 'in', ids).returningAll().execute()
    if (gone.length === 0) return 0
    await transaction
      .insertInto('ledger')
      .values(
        gone.map((row) => ({
          at: now,
          vault_no: row.vault_no,
          change: ledgerChange.purged,
          type: row.type,
          name: row.name,
          bytes: row.bytes,
          actor: 'policy:undelete-window',
          address: '',
        })),
      )
      .execute()
    return gone.length
  })
}
