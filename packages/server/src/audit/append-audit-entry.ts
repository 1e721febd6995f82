import { nameKey } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { type AuditEntry, hashEntry } from './audit-entry.ts'

/**
 * Adds an entry in the transaction of the change it tells of: neither is there without the other. Do it last in a
 * transaction, as the entries of all processes wait for one another from here to the commit.
 */
export async function appendAuditEntry(transaction: Transaction<Schema>, entry: AuditEntry): Promise<void> {
  const row = {
    at: entry.at,
    event: entry.event,
    actor: entry.actor,
    actor_name: entry.actorName,
    address: entry.address,
    reseller_id: entry.resellerId,
    customer_id: entry.customerId,
    target_id: entry.targetId,
    target_name: entry.targetName,
    details: JSON.stringify(entry.details),
  }
  // Written before it is read: that is what holds other writers off the end of the chain on PostgreSQL.
  const head = await transaction
    .updateTable('audit_head')
    .set((eb) => ({ entries: eb('entries', '+', 1) }))
    .where('id', '=', 1)
    .returning('hash')
    .executeTakeFirstOrThrow()
  const hash = hashEntry(head.hash, row)
  await transaction
    .insertInto('audit_log')
    .values({ ...row, ...keysOf(entry), previous_hash: head.hash, hash })
    .execute()
  await transaction.updateTable('audit_head').set({ hash }).where('id', '=', 1).execute()
}

function keysOf({ event, actorName, targetName }: AuditEntry) {
  const [target, actor] = [nameKey(targetName), nameKey(actorName)]
  return { target_key: target, actor_key: actor, search_key: [target, event, actor].join('\n') }
}
