import { createHmac } from 'node:crypto'
import type { WebhookEvent } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { AlertRow, Schema, WebhookRow } from '../platform/database/schema.ts'
import { addJob, type JobKind } from '../platform/jobs/jobs.ts'
import { newId } from '../platform/new-id.ts'
import { openSecret } from '../platform/sealed-secret.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { postWebhook } from './post-webhook.ts'
import { shownAlert } from './shown-alert.ts'

const kind = 'webhook'
const mostAttempts = 30
const keptDeliveries = 50

/** Queues alerts for every webhook there is, in the transaction of the alerts. */
export async function queueWebhooks(
  transaction: Transaction<Schema>,
  alerts: readonly AlertRow[],
  now: number,
): Promise<void> {
  if (alerts.length === 0) return
  const webhooks = await transaction.selectFrom('webhooks').select('id').execute()
  for (const { id } of webhooks) {
    for (const row of alerts) {
      const event: WebhookEvent = {
        id: newId('event'),
        event: row.resolved_at === null ? 'alert.began' : 'alert.resolved',
        at: now,
        alert: shownAlert({ ...row, customer: null }),
      }
      await addJob(transaction, { kind, payload: { webhook: id, event }, now })
    }
  }
}

/** Notes what came of an attempt; the newest stay, so that one sees what a receiver that is in trouble says. */
async function noteDelivery(
  transaction: Transaction<Schema>,
  { id }: WebhookRow,
  { at, event, ok, answer }: { at: number; event: WebhookEvent; ok: boolean; answer: string },
): Promise<void> {
  const last = { last_at: at, last_ok: ok ? 1 : 0, last_answer: answer }
  const { numUpdatedRows } = await transaction
    .updateTable('webhooks')
    .set(last)
    .where('id', '=', id)
    .executeTakeFirst()
  // Removed while it was on its way.
  if (numUpdatedRows === 0n) return
  await transaction
    .insertInto('webhook_deliveries')
    .values({
      webhook_id: id,
      at,
      event_id: event.id,
      event: event.event,
      about: event.alert?.text ?? '',
      ok: ok ? 1 : 0,
      answer,
    })
    .execute()
  await transaction
    .deleteFrom('webhook_deliveries')
    .where('webhook_id', '=', id)
    .where('seq', 'not in', (newest) =>
      newest
        .selectFrom('webhook_deliveries')
        .select('seq')
        .where('webhook_id', '=', id)
        .orderBy('seq', 'desc')
        .limit(keptDeliveries),
    )
    .execute()
}

/** Delivers what was queued; a receiver that is away is tried again for a day. */
export function webhookJob(parts: { database: Database; serverKey: ServerKey; clock: Clock }): JobKind {
  return {
    name: kind,
    mostAttempts,
    waitsForOthers: true,
    async run({ payload }) {
      const { webhook, event } = payload as { webhook: string; event: WebhookEvent }
      const row = await parts.database.queries
        .selectFrom('webhooks')
        .selectAll()
        .where('id', '=', webhook)
        .executeTakeFirst()
      // Removed meanwhile: nobody waits for it.
      if (!row) return
      const delivery = await deliver(parts, row, event)
      if (!delivery.ok) throw new Error(`${row.name} answered: ${delivery.answer}`)
    },
  }
}

/**
 * Sends one event, signed: `granary-signature: t=<ms since 1970>,v1=<HMAC-SHA-256 of "t.body" in hex>`. Whoever checks
 * it also refuses old times, so that nobody can send the same again.
 */
export async function deliver(
  { database, serverKey, clock }: { database: Database; serverKey: ServerKey; clock: Clock },
  webhook: WebhookRow,
  event: WebhookEvent,
): Promise<{ ok: boolean; answer: string }> {
  const body = JSON.stringify(event)
  const at = clock.now()
  const signature = createHmac('sha256', openSecret(serverKey, webhook.sealed_secret))
    .update(`${at}.${body}`)
    .digest('hex')
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Granary',
    'granary-event': event.event,
    'granary-signature': `t=${at},v1=${signature}`,
  }
  const delivery = await postWebhook(webhook.url, headers, body)
  await database.transaction((transaction) => noteDelivery(transaction, webhook, { at, event, ...delivery }))
  return delivery
}
