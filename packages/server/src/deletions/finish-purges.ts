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
  for (;;) {
    const rows = await database.queries
      .selectFrom('pending_moves as p')
      .innerJoin('clients as c', 'c.vault_no', 'p.vault_no')
      .select(['p.trash_id', 'p.vault_no', 'p.type', 'p.name', 'c.client_id'])
      .where('p.direction', '=', moveDirection.away)
      .orderBy('p.trash_id')
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
      await database.queries
        .deleteFrom('pending_moves')
        .where(
          'trash_id',
          'in',
          rows.map((row) => row.trash_id),
        )
        .execute()
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
