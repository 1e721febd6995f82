import type { VaultStore } from '@granary/object-store'
import { sql } from 'kysely'
import type { PendingMoveRow } from '../platform/database/schema.ts'
import { LedgerStatements } from '../vaults/ledger-statements.ts'
import { moveDirection, nameText, objectTypeOf, vaultFolder, wholeVaultCode } from '../vaults/vaults.ts'
import type { PurgeParts } from './purge-trash.ts'

type MoveKey = Pick<PendingMoveRow, 'vault_no' | 'type' | 'name' | 'trash_id'>

const batchRows = 500
/** Rows of a purged vault that one transaction takes away. */
const batchObjects = 2000

/**
 * Removes the bytes of what the ledger says is purged; what a crash left over is done again without harm. What the disk
 * refuses is logged and left for the next time: it must keep neither the purges of other vaults waiting nor a start.
 */
export async function finishPurges({
  database,
  store,
  log,
}: Pick<PurgeParts, 'database' | 'store' | 'log'>): Promise<void> {
  const statements = new LedgerStatements(database)
  const refused = new Set<string>()
  for (;;) {
    // The direction as it stands in the condition of the index: beside a million files on their way back there may be none.
    const rows = await database.queries
      .selectFrom('pending_moves as p')
      .innerJoin('clients as c', 'c.vault_no', 'p.vault_no')
      .select(['p.trash_id', 'p.vault_no', 'p.type', 'p.name', 'c.client_id'])
      .where('p.direction', '=', sql.lit(moveDirection.away))
      .limit(batchRows + refused.size)
      .execute()
    const next = rows.filter((row) => !refused.has(keyOf(row)))
    const gone = []
    for (const row of next) {
      const folder = vaultFolder(row.vault_no, row.client_id)
      try {
        await removeBytes(store, folder, row)
      } catch (error) {
        log.error({ err: error, folder }, 'What was purged could not be removed from the disk')
        refused.add(keyOf(row))
        continue
      }
      if (row.type === wholeVaultCode) await forgetVault({ database }, row.vault_no)
      gone.push(row)
    }
    if (gone.length > 0) {
      const moves = gone.map(({ vault_no, type, name, trash_id }) => {
        return { vaultNo: vault_no, type, name, trashId: trash_id }
      })
      await database.queries.executeQuery(statements.deletePendingMoves(moves, moveDirection.away))
    }
    if (next.length < batchRows) return
  }
}

async function removeBytes(store: VaultStore, folder: string, purged: MoveKey): Promise<void> {
  const { type, name, trash_id } = purged
  if (type === wholeVaultCode) await store.removeVault(folder)
  else store.purge(folder, { type: objectTypeOf(type), name: nameText(name) }, trash_id)
}

function keyOf({ vault_no, type, name, trash_id }: MoveKey): string {
  return `${vault_no} ${type} ${nameText(name)} ${trash_id}`
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
