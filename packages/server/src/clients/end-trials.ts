import { appendAuditEntry } from '../audit/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'

/** Trials ended in one go; the others follow with the next. */
const endedAtOnce = 200

/**
 * Deactivates clients whose trial has ended. Several servers may do so at once: each client is ended by one of them.
 * @returns how many were ended
 */
export async function endTrials({ database, clock }: { database: Database; clock: Clock }): Promise<number> {
  const now = clock.now()
  const due = await database.queries
    .selectFrom('clients')
    .innerJoin('customers', 'customers.id', 'clients.customer_id')
    .select(['clients.id', 'clients.client_id', 'clients.customer_id', 'customers.reseller_id'])
    .select('clients.trial_ends_at')
    .where('clients.trial_ends_at', '<=', now)
    .where('clients.state', '=', 'active')
    .where('clients.deleted_at', 'is', null)
    .limit(endedAtOnce)
    .execute()
  let ended = 0
  for (const client of due) {
    await database.transaction(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('clients')
        .set({ state: 'deactivated' })
        .where('id', '=', client.id)
        .where('state', '=', 'active')
        .where('trial_ends_at', '<=', now)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return
      ended += 1
      await database.changeCounter.bump(transaction)
      await appendAuditEntry(transaction, {
        at: now,
        event: 'client.trial-ended',
        actor: 'policy:trial',
        actorName: '',
        address: '',
        resellerId: client.reseller_id,
        customerId: client.customer_id,
        targetId: client.id,
        targetName: client.client_id,
        details: { endedAt: client.trial_ends_at },
      })
    })
  }
  return ended
}
