import { sql } from 'kysely'
import { LedgerStatements } from '../vaults/ledger-statements.ts'
import { moveDirection, nameText, objectTypeOf, vaultFolder, wholeVaultCode } from '../vaults/vaults.ts'
import type { PurgeParts } from './purge-trash.ts'

const batchRows = 500
/** Rows of a purged vault that one transaction takes away. */
const batchObjects = 2000

/** Removes the bytes of what the ledger says is purged; what a crash left over is done again without harm. */
export async function finishPurges({
  database,
  store,
}: Pick<PurgeParts, 'database' | 'store'>): Promise<void> {
  const statements = new LedgerStatements(database)
  for (;;) {
    // The direction as it stands in the condition of the index: beside a million files on their way back there may be none.
    const rows = await database.queries
      .selectFrom('pending_moves as p')
      .innerJoin('clients as c', 'c.vault_no', 'p.vault_no')
      .select(['p.trash_id', 'p.vault_no', 'p.type', 'p.name', 'c.client_id'])
      .where('p.direction', '=', sql.lit(moveDirection.away))
      .limit(batchRows)
      .execute()
    for (const row of rows) {
      const folder = vaultFolder(row.vault_no, row.client_id)
      if (row.type === wholeVaultCode) {
        await store.removeVault(folder)
        await forgetVault({ database }, row.vault_no)
      } else {
        store.purge(folder, { type: objectTypeOf(row.type), name: nameText(row.name) }, row.trash_id)
      }
    }
    if (rows.length > 0) {
      const moves = rows.map(({ vault_no, type, name, trash_id }) => {
        return { vaultNo: vault_no, type, name, trashId: trash_id }
      })
      await database.queries.executeQuery(statements.deletePendingMoves(moves, moveDirection.away))
    }
    if (rows.length < batchRows) return
  }
}

/** Takes away the rows of a vault that is gone; its ledger stays. */
async function forgetVault({ database }: Pick<PurgeParts, 'database'>, vaultNo: number): Promise<void> {
  await database.queries.deleteFrom('vault_days').where('vault_no', '=', vaultNo).execute()
  for (const table of ['objects', 'trash', 'damaged_objects'] as const) {
    for (;;) {
      const last = await database.queries
        .selectFrom(table)
        .select(['type', 'name'])
        .where('vault_no', '=', vaultNo)
        .orderBy('type')
        .orderBy('name')
        .offset(batchObjects - 1)
        .limit(1)
        .executeTakeFirst()
      await database.queries
        .deleteFrom(table)
        .where('vault_no', '=', vaultNo)
        .$if(last !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb('type', '<', last?.type ?? 0),
              eb.and([eb('type', '=', last?.type ?? 0), eb('name', '<=', last?.name ?? Buffer.alloc(0))]),
            ]),
          ),
        )
        .execute()
      if (last === undefined) break
    }
  }
}
