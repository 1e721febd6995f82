import { sql, type Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { ledgerChange, wholeVaultCode } from '../vaults/vaults.ts'
import type { ClientCondition } from './accounts.ts'

export interface DeletedBy {
  /** `user:…` or `api-key:…` */
  readonly actor: string
  readonly actorName: string
  readonly address: string
}

/** Holds clients, deleted ones too, so that no upload and no purge of theirs is committed until the transaction ends. */
export async function holdClients(transaction: Transaction<Schema>, which: ClientCondition): Promise<void> {
  // SQLite has one writer at a time. On PostgreSQL a write of the row is what uploads wait for.
  await transaction
    .updateTable('clients')
    .set((eb) => ({ state: eb.ref('state') }))
    .where(which)
    .execute()
}

/** Holds customers before their clients, so that none is moved to one that is being deleted. */
export async function holdCustomers(
  transaction: Transaction<Schema>,
  column: 'id' | 'reseller_id',
  id: string,
): Promise<void> {
  await transaction
    .updateTable('customers')
    .set((eb) => ({ state: eb.ref('state') }))
    .where(column, '=', id)
    .execute()
}

/** One row of the ledger for each client's vault: its objects keep their rows for undelete. */
export async function ledgerVaults(
  transaction: Transaction<Schema>,
  which: ClientCondition,
  change: keyof typeof ledgerChange,
  by: Pick<DeletedBy, 'actor' | 'address'>,
  now: number,
): Promise<void> {
  await sql`
    insert into ledger (at, vault_no, change, type, name, bytes, actor, address)
    select ${now}, clients.vault_no, ${sql.lit(ledgerChange[change])}, ${sql.lit(wholeVaultCode)},
      ${Buffer.alloc(0)}, space.used_bytes, ${by.actor}, ${by.address}
    from clients join space on space.owner_id = clients.id
    where ${which}
    order by clients.vault_no
  `.execute(transaction)
}

/**
 * Deletes clients with their vaults, into the trash. Their bytes are still to be moved in the accounts above.
 * @param deletionId the line of the report they come back by
 */
export async function trashClients(
  transaction: Transaction<Schema>,
  which: ClientCondition,
  deletionId: string,
  by: DeletedBy,
  now: number,
): Promise<void> {
  const living = sql<boolean>`${which} and clients.deleted_at is null`
  await ledgerVaults(transaction, living, 'trashed', by, now)
  await transaction
    .updateTable('clients')
    .set({ deleted_at: now, deletion_id: deletionId })
    .where(living)
    .execute()
}
