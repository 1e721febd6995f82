import { sql, type Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { ledgerChange, wholeVaultCode } from '../vaults/vaults.ts'
import type { ClientCondition } from './accounts.ts'

export interface DeletedBy {
  /** `user:…` or `api-key:…` */
  readonly actor: string
  readonly address: string
}

/** Holds living clients, so that no upload of theirs is committed until the transaction ends. */
export async function holdClients(transaction: Transaction<Schema>, which: ClientCondition): Promise<void> {
  // SQLite has one writer at a time. On PostgreSQL a write of the row is what uploads wait for.
  await transaction
    .updateTable('clients')
    .set((eb) => ({ state: eb.ref('state') }))
    .where(which)
    .where('clients.deleted_at', 'is', null)
    .execute()
}

/**
 * Deletes clients with their vaults, into the trash: one row of the ledger for each, as the objects keep their rows
 * for undelete. Their bytes are still to be taken
 * out of the accounts above.
 */
export async function trashClients(
  transaction: Transaction<Schema>,
  which: ClientCondition,
  by: DeletedBy,
  now: number,
): Promise<void> {
  const living = sql`${which} and clients.deleted_at is null`
  await sql`
    insert into ledger (at, vault_no, change, type, name, bytes, actor, address)
    select ${now}, clients.vault_no, ${sql.lit(ledgerChange.trashed)}, ${sql.lit(wholeVaultCode)},
      ${Buffer.alloc(0)}, space.used_bytes, ${by.actor}, ${by.address}
    from clients join space on space.owner_id = clients.id
    where ${living}
    order by clients.vault_no
  `.execute(transaction)
  await transaction
    .updateTable('clients')
    .set({ deleted_at: now })
    .where(which)
    .where('clients.deleted_at', 'is', null)
    .execute()
}
