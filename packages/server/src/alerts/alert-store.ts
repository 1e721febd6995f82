import type { Alert, AlertListQuery, List, Webhook, WebhookDeliveries, WebhookEvent } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import { contains, keyset } from '../platform/database/keyset-page.ts'
import type { Schema, WebhookRow } from '../platform/database/schema.ts'
import { shownAlert } from './shown-alert.ts'

const alertColumns = {
  beganAt: { by: sql<string | number>`alerts.began_at`, holds: 'number' },
  kind: { by: sql<string | number>`alerts.kind`, holds: 'text' },
} as const
const webhookColumns = { name: { by: sql<string | number>`lower(webhooks.name)`, holds: 'text' } } as const

/** Alerts about a place and the places below it. */
export function alerts(queries: Kysely<Schema>, scope: Scope) {
  const matching = ({ search, state, kind }: AlertListQuery) => {
    let rows = queries
      .selectFrom('alerts')
      .leftJoin('customers', 'customers.id', 'alerts.customer_id')
      .where(within(scope, { reseller: sql`alerts.reseller_id`, customer: sql`alerts.customer_id` }))
    if (search) rows = rows.where(contains(sql`lower(alerts.text)`, search.toLowerCase()))
    if (state) rows = rows.where('resolved_at', state === 'open' ? 'is' : 'is not', null)
    if (kind) rows = rows.where('kind', '=', kind)
    return rows
  }
  return {
    async page(query: AlertListQuery): Promise<List<Alert>> {
      const pages = keyset(query, alertColumns, sql`alerts.id`)
      let rows = matching(query)
        .selectAll('alerts')
        .select(['customers.name as customer', pages.sortValue.as('sort_value')])
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy('alerts.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const { total } = await matching(query)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = pages.page(found)
      return { items: page.rows.map(shownAlert), nextCursor: page.nextCursor, total }
    },
  }
}

export async function pageOfWebhooks(
  queries: Kysely<Schema>,
  query: { search?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<List<Webhook>> {
  const pages = keyset({ ...query, sort: 'name' }, webhookColumns, sql`webhooks.id`)
  const { search } = query
  const matching = () => {
    const rows = queries.selectFrom('webhooks')
    return search ? rows.where(contains(sql`lower(webhooks.name)`, search.toLowerCase())) : rows
  }
  let rows = matching().selectAll().select(pages.sortValue.as('sort_value'))
  if (pages.behind) rows = rows.where(pages.behind)
  const found = await rows
    .orderBy('sort_value')
    .orderBy('id')
    .limit(query.limit + 1)
    .execute()
  const { total } = await matching()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const page = pages.page(found)
  return { items: page.rows.map(shownWebhook), nextCursor: page.nextCursor, total }
}

export async function deliveriesOf(
  queries: Kysely<Schema>,
  webhookId: string,
): Promise<WebhookDeliveries['items']> {
  const rows = await queries
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('webhook_id', '=', webhookId)
    .orderBy('seq', 'desc')
    .execute()
  return rows.map((row) => ({
    at: row.at,
    eventId: row.event_id,
    event: row.event as WebhookEvent['event'],
    about: row.about,
    ok: row.ok === 1,
    answer: row.answer,
  }))
}

export function shownWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    createdAt: row.created_at,
    lastDelivery:
      row.last_at === null ? null : { at: row.last_at, ok: row.last_ok === 1, answer: row.last_answer ?? '' },
  }
}
