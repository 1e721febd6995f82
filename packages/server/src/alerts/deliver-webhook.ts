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
import { shownAlert } from './shown-alert.ts'

const kind = 'webhook'
const patienceMs = 10_000
const mostAttempts = 30
const longestAnswer = 200

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

/** Delivers what was queued; a receiver that is away is tried again for a day. */
export function webhookJob(parts: { database: Database; serverKey: ServerKey; clock: Clock }): JobKind {
  return {
    name: kind,
    mostAttempts,
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
  const delivery = await post(webhook.url, headers, body)
  await database.queries
    .updateTable('webhooks')
    .set({ last_at: at, last_ok: delivery.ok ? 1 : 0, last_answer: delivery.answer })
    .where('id', '=', webhook.id)
    .execute()
  return delivery
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ ok: boolean; answer: string }> {
  try {
    const signal = AbortSignal.timeout(patienceMs)
    // A receiver that moved has to be entered anew: a redirect could lead anywhere.
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    await response.body?.cancel()
    return { ok: response.ok, answer: `${response.status} ${response.statusText}`.trim() }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return { ok: false, answer: cause.slice(0, longestAnswer) }
  }
}
