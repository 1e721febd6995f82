import type { Sighting } from '@granary/contract'
import type { Transaction } from 'kysely'
import { tellBegun, warningOf } from '../alerts/alerts.ts'
import { appendAuditEntry } from '../audit/audit.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'
import { untilReleased } from '../protection/protection.ts'

/** A client that shows a sign, and where it belongs. */
export interface WarnedClient {
  readonly id: string
  readonly client_id: string
  readonly vault_no: number
  readonly customer_id: string
  readonly customer: string
  readonly reseller_id: string
}

/**
 * Raises an alarm, all of it in one transaction: the signs, the frozen trash, the alert with its mails and webhooks, the
 * entry in the audit log. A sign that is open already is not raised again.
 */
export async function raiseWarnings(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  client: WarnedClient,
  signs: readonly Sighting[],
  now: number,
): Promise<void> {
  const raised: Sighting[] = []
  for (const sighting of signs) {
    const { sign, observed, usual, held, since } = sighting
    const added = await transaction
      .insertInto('warnings')
      .values({
        id: newId('warning'),
        vault_no: client.vault_no,
        client_id: client.id,
        ...{ sign, observed, usual, held, since },
        put_back_to: Math.max(0, since - 1),
        raised_at: now,
        ...{ released_at: null, released_by: null, reason: null, expected: null },
      })
      .onConflict((conflict) =>
        conflict.columns(['client_id', 'sign']).where('released_at', 'is', null).doNothing(),
      )
      .returning('id')
      .executeTakeFirst()
    if (added !== undefined) raised.push(sighting)
  }
  if (raised.length === 0) return
  // Whoever purges this vault at the same instant holds this row: one of the two is first, and the other sees it.
  await transaction
    .updateTable('clients')
    .set({ trash_kept_until: untilReleased })
    .where('id', '=', client.id)
    .execute()
  await changeCounter.bump(transaction)
  const open = await transaction
    .selectFrom('warnings')
    .select(['sign', 'observed', 'usual', 'held', 'since'])
    .where('client_id', '=', client.id)
    .where('released_at', 'is', null)
    .orderBy('raised_at')
    .orderBy('id')
    .execute()
  await tellBegun(transaction, warningOf(client, open), now)
  await appendAuditEntry(transaction, {
    at: now,
    event: 'client.warning-raised',
    actor: 'policy:warning-signs',
    actorName: '',
    address: '',
    resellerId: client.reseller_id,
    customerId: client.customer_id,
    targetId: client.id,
    targetName: client.client_id,
    details: { signs: raised },
  })
}
