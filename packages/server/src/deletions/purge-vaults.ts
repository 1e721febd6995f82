import { sql, type Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { frozen, isKept } from '../protection/protection.ts'
import { moveDirection, wholeVaultCode } from '../vaults/vaults.ts'
import { addSpace } from './accounts.ts'
import { finishPurges } from './finish-purges.ts'
import type { PurgedBy, PurgeParts } from './purge-trash.ts'
import { holdClients, ledgerVaults } from './trash-clients.ts'

/** Purges the vaults of deleted clients whose window has ended by a time, each deletion whole. */
export async function purgeVaults(parts: PurgeParts, endedBy: number, by: PurgedBy): Promise<void> {
  const due = await parts.database.queries
    .selectFrom('deletions')
    .select('id')
    .where('kind', 'in', ['reseller', 'customer', 'client'])
    .where('state', 'in', ['in-trash', 'partly'])
    .where('until', '<=', endedBy)
    .orderBy('until')
    .execute()
  for (const { id } of due) await purgeDeletedVaults(parts, id, { ...by, endedBy })
}

/**
 * Purges the vaults that one deletion took.
 * @param by a person with a reason, or the end of the windows by a time
 * @returns whether anything was purged
 */
export async function purgeDeletedVaults(
  parts: PurgeParts,
  deletionId: string,
  by: PurgedBy & ({ reason: string } | { endedBy: number }),
): Promise<boolean> {
  const now = parts.clock.now()
  const purged = await parts.database.transaction(async (transaction) => {
    const which = sql<boolean>`clients.deletion_id = ${deletionId} and clients.purged_at is null`
    await holdClients(transaction, which)
    if (await holdsKept(transaction, which, 'endedBy' in by ? by.endedBy : null)) return false
    const ended = await transaction
      .updateTable('deletions')
      .set((eb) => ({
        state: 'purged',
        purged_objects: eb('objects', '-', eb.ref('restored_objects')),
        purged_bytes: eb('bytes', '-', eb.ref('restored_bytes')),
        ...('reason' in by && { reason: by.reason }),
      }))
      .where('id', '=', deletionId)
      .where('state', 'in', ['in-trash', 'partly'])
      .returning('id')
      .executeTakeFirst()
    // Undeleted in this very moment.
    if (ended === undefined) return false
    await ledgerVaults(transaction, which, 'purged', by, now)
    await releaseSpace(transaction, which, now)
    await sql`
      insert into pending_moves (trash_id, vault_no, type, name, direction)
      select -clients.vault_no, clients.vault_no, ${wholeVaultCode}, ${Buffer.alloc(0)}, ${moveDirection.away}
      from clients where ${which}
    `.execute(transaction)
    await purgeLines(transaction, which)
    await sql`delete from runs where vault_no in (select clients.vault_no from clients where ${which})`.execute(
      transaction,
    )
    await transaction.updateTable('clients').set({ purged_at: now }).where(which).execute()
    return true
  })
  if (purged) await finishPurges(parts)
  return purged
}

/**
 * A deletion is purged whole or not at all: one frozen client keeps what was deleted with it.
 * @param now of the windows, which wait a while after a release; null for persons, who need not
 */
async function holdsKept(
  transaction: Transaction<Schema>,
  which: ReturnType<typeof sql<boolean>>,
  now: number | null,
): Promise<boolean> {
  const kept = await transaction
    .selectFrom('clients')
    .select('clients.id')
    .where(which)
    .where(now === null ? frozen : isKept(sql`clients.vault_no`, now))
    .limit(1)
    .executeTakeFirst()
  return kept !== undefined
}

/** What clients had removed before they were deleted goes with their vaults. */
async function purgeLines(
  transaction: Transaction<Schema>,
  which: ReturnType<typeof sql<boolean>>,
): Promise<void> {
  await sql`
    update deletions set
      state = case when restored_objects > 0 then 'restored' else 'purged' end,
      purged_objects = objects - restored_objects, purged_bytes = bytes - restored_bytes
    where state in ('in-trash', 'partly') and vault_no in (select clients.vault_no from clients where ${which})
  `.execute(transaction)
}

async function releaseSpace(
  transaction: Transaction<Schema>,
  which: ReturnType<typeof sql<boolean>>,
  now: number,
): Promise<void> {
  const held = await transaction
    .selectFrom('clients')
    .innerJoin('customers', 'customers.id', 'clients.customer_id')
    .innerJoin('space', 'space.owner_id', 'clients.id')
    .select([
      'clients.id',
      'clients.customer_id',
      'customers.reseller_id',
      'space.used_bytes',
      'space.trash_bytes',
    ])
    .where(which)
    .execute()
  for (const row of held) {
    const bytes = row.used_bytes + row.trash_bytes
    await addSpace(transaction, row.id, { used: -row.used_bytes, trash: -row.trash_bytes }, now)
    for (const owner of [row.customer_id, row.reseller_id])
      await addSpace(transaction, owner, { trash: -bytes }, now)
  }
}
