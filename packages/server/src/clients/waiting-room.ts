import {
  type List,
  nameKey,
  ProblemError,
  type WaitingClient,
  type WaitingListQuery,
} from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema, WaitingClientRow } from '../platform/database/schema.ts'
import type { PlaceVault } from '../storage/storage.ts'
import { insertClient } from './insert-client.ts'

const sortValues: Record<string, SortValue> = {
  clientId: { by: sql<string | number>`waiting_clients.client_id_key`, holds: 'text' },
  customer: { by: sql<string | number>`customers.name_key`, holds: 'text' },
  reason: { by: sql<string | number>`waiting_clients.reason`, holds: 'text' },
  firstAttemptAt: { by: sql<string | number>`waiting_clients.first_attempt_at`, holds: 'number' },
  lastAttemptAt: { by: sql<string | number>`waiting_clients.last_attempt_at`, holds: 'number' },
}

/** Somebody who waits, with what admission and the audit log need beside what is shown. */
interface FoundWaiting {
  readonly shown: WaitingClient
  readonly secretHash: Uint8Array
  readonly urlKey: string
  readonly resellerId: string
}

/** Those who wait at the customers that a scope sees. */
export function waitingRoom(queries: Kysely<Schema>, scope: Scope) {
  const visible = () =>
    queries
      .selectFrom('waiting_clients')
      .innerJoin('customers', 'customers.id', 'waiting_clients.customer_id')
      .where('customers.deleted_at', 'is', null)
      .where(within(scope, { reseller: sql`customers.reseller_id`, customer: sql`customers.id` }))

  const shownRows = () =>
    visible()
      .selectAll('waiting_clients')
      .select(['customers.name as customer_name', 'customers.url_key', 'customers.reseller_id'])

  return {
    async page(query: WaitingListQuery): Promise<List<WaitingClient>> {
      const pages = keyset(query, sortValues, sql`waiting_clients.id`)
      const { search, customer } = query
      const listed = <Rows extends ReturnType<typeof visible>>(rows: Rows): Rows => {
        let kept = rows.where('waiting_clients.state', '=', query.state)
        if (customer !== undefined) kept = kept.where('waiting_clients.customer_id', '=', customer)
        if (search) {
          kept = kept.where((eb) =>
            eb.or([
              contains(sql`waiting_clients.client_id_key`, search.toLowerCase()),
              contains(sql`waiting_clients.address`, search.toLowerCase()),
              contains(sql`customers.name_key`, nameKey(search)),
            ]),
          )
        }
        return kept as Rows
      }
      let rows = listed(shownRows()).select(pages.sortValue.as('sort_value'))
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy('waiting_clients.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const { total } = await listed(visible())
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = pages.page(found)
      return { items: page.rows.map(shown), nextCursor: page.nextCursor, total }
    },

    async find(id: string): Promise<FoundWaiting | undefined> {
      const row = await shownRows().where('waiting_clients.id', '=', id).executeTakeFirst()
      return (
        row && {
          shown: shown(row),
          secretHash: row.secret_hash,
          urlKey: row.url_key,
          resellerId: row.reseller_id,
        }
      )
    },
  }
}

function shown(row: WaitingClientRow & { customer_name: string }): WaitingClient {
  return {
    id: row.id,
    clientId: row.client_id,
    customer: { id: row.customer_id, name: row.customer_name },
    address: row.address,
    reason: row.reason,
    state: row.state,
    firstAttemptAt: row.first_attempt_at,
    lastAttemptAt: row.last_attempt_at,
  }
}

/**
 * Makes somebody who waits a client, bound to the secret it brought, so that its next attempt succeeds; at another
 * customer than the one it came to, the address it came to leads to its vault all the same.
 * @returns the client's ID
 * @throws {ProblemError} client-id-taken; waiting-client-not-found when somebody else let it in just now
 */
export async function admitWaiting(
  transaction: Transaction<Schema>,
  placeVault: PlaceVault,
  waiting: FoundWaiting,
  admission: { customerId: string; kind: 'workstation' | 'server'; now: number },
): Promise<string> {
  const { clientId, customer } = waiting.shown
  const taken = await transaction
    .deleteFrom('waiting_clients')
    .where('id', '=', waiting.shown.id)
    .returning('id')
    .executeTakeFirst()
  if (!taken) throw new ProblemError('waiting-client-not-found')
  const { id } = await insertClient(transaction, placeVault, {
    customerId: admission.customerId,
    clientId,
    kind: admission.kind,
    state: 'active',
    appendOnly: false,
    secretHash: waiting.secretHash,
    allottedBytes: null,
    admittedBy: 'waiting-room',
    now: admission.now,
  })
  if (admission.customerId !== customer.id) {
    await transaction
      .insertInto('former_addresses')
      .values({ client_id: id, url_key: waiting.urlKey })
      .execute()
  }
  // What else came under this ID there has been decided with it.
  await transaction
    .deleteFrom('waiting_clients')
    .where('customer_id', '=', customer.id)
    .where('client_id_key', '=', clientId.toLowerCase())
    .execute()
  return id
}

export async function refuseWaiting(transaction: Transaction<Schema>, id: string): Promise<void> {
  await transaction.updateTable('waiting_clients').set({ state: 'refused' }).where('id', '=', id).execute()
}
