import { type CustomerDetails, ProblemError, type ResellerDetails, whyNot } from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Actor, accountable, changes, type RouteImplementation, reads } from '../access/access.ts'
import { clients, type FoundClient } from '../clients/clients.ts'
import { customers } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { resellers } from '../resellers/resellers.ts'
import { refuseWhileUndeleting } from './begin-undeletion.ts'
import { deleteClient } from './delete-client.ts'
import { deleteCustomer } from './delete-customer.ts'
import { deleteReseller } from './delete-reseller.ts'
import { previewDeletion } from './deletion-preview.ts'
import type { DeletionTarget } from './record-deletion.ts'
import { orRefused, refusalsOnRecord } from './refusals-on-record.ts'
import { type DeletedBy, holdClients, holdCustomers } from './trash-clients.ts'

export function deletionRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('previewResellerDeletion', async (request, queries) => {
      const reseller = await existingReseller(queries, request)
      const permanent = reseller.isDefault ? whyNot('delete', reseller) : null
      const { clients } = await queries
        .selectFrom('customers')
        .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('client_count'), eb.lit(0)).as('clients'))
        .where('reseller_id', '=', reseller.id)
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow()
      const counts = { customers: reseller.customerCount, clients, bytes: reseller.space.usedBytes }
      return previewDeletion(queries, ofReseller(reseller.id), { counts, permanent, now: request.now })
    }),
    refusalsOnRecord(
      changes('deleteReseller', async (request, transaction) => {
        const reseller = await existingReseller(transaction, request)
        const { contents } = request.query
        const target = {
          kind: 'reseller',
          ...reseller,
          path: [],
          resellerId: reseller.id,
          ...noClient,
        } as const
        const by = byWhom(request)
        await orRefused({ target, contents, by }, async () => {
          await refuseWhileUndeleting(transaction, ofReseller(reseller.id))
          await deleteReseller(transaction, changeCounter, reseller, contents, target, by, request.now)
        })
        const record = { target: reseller, resellerId: reseller.id, details: { contents } }
        return { answer: null, record }
      }),
    ),
    reads('previewCustomerDeletion', async (request, queries) => {
      const customer = await existingCustomer(queries, request)
      const permanent = customer.isDefault ? whyNot('delete', customer) : null
      const counts = { customers: 1, clients: customer.clientCount, bytes: customer.space.usedBytes }
      return previewDeletion(queries, ofCustomer(customer.id), { counts, permanent, now: request.now })
    }),
    refusalsOnRecord(
      changes('deleteCustomer', async (request, transaction) => {
        const customer = await heldCustomer(transaction, request)
        const { contents } = request.query
        const place = { resellerId: customer.reseller.id, customerId: customer.id }
        const target: DeletionTarget = {
          ...{ kind: 'customer', id: customer.id, name: customer.name, path: [customer.reseller.name] },
          ...noClient,
          ...place,
        }
        const by = byWhom(request)
        await orRefused({ target, contents, by }, async () => {
          await refuseWhileUndeleting(transaction, ofCustomer(customer.id))
          await deleteCustomer(transaction, changeCounter, customer, contents, target, by, request.now)
        })
        return { answer: null, record: { target: customer, ...place, details: { contents } } }
      }),
    ),
    reads('previewClientDeletion', async (request, queries) => {
      const { shown } = await existingClient(queries, request)
      const which = sql<boolean>`clients.id = ${shown.id}`
      const counts = { customers: 0, clients: 1, bytes: shown.space.usedBytes }
      return previewDeletion(queries, which, { counts, permanent: null, now: request.now })
    }),
    refusalsOnRecord(
      changes('deleteClient', async (request, transaction) => {
        const client = await heldClient(transaction, request)
        const { id, clientId, customer } = client.shown
        const place = { resellerId: client.resellerId, customerId: customer.id }
        const above = await customers(transaction, request.actor.scope).findPlace(customer.id)
        const reseller = await resellerName(transaction, client.resellerId)
        const target: DeletionTarget = {
          ...{ kind: 'client', id, name: clientId, clientId: id, vaultNo: client.vaultNo },
          path: [reseller, above?.name ?? customer.name],
          ...place,
        }
        const by = byWhom(request)
        await orRefused({ target, contents: null, by }, async () => {
          await refuseWhileUndeleting(transaction, sql<boolean>`clients.id = ${id}`)
          await deleteClient(transaction, changeCounter, client, target, by, request.now)
        })
        return { answer: null, record: { target: { id, name: clientId }, ...place } }
      }),
    ),
  ]
}

const noClient = { customerId: null, clientId: null, vaultNo: null }

function ofReseller(id: string) {
  return sql<boolean>`clients.customer_id in (select customers.id from customers where customers.reseller_id = ${id})`
}

function ofCustomer(id: string) {
  return sql<boolean>`clients.customer_id = ${id}`
}

async function resellerName(queries: Kysely<Schema>, id: string): Promise<string> {
  const row = await queries.selectFrom('resellers').select('name').where('id', '=', id).executeTakeFirst()
  return row?.name ?? ''
}

interface WhoAsks {
  readonly actor: Actor
  readonly address: string
}

interface OneRequest extends WhoAsks {
  readonly params: { readonly id: string }
  readonly now: number
  readonly publicUrl: string
}

export function byWhom({ actor, address }: WhoAsks): DeletedBy {
  return { ...accountable(actor), address }
}

async function existingReseller(
  queries: Kysely<Schema>,
  { actor, params, now }: OneRequest,
): Promise<ResellerDetails> {
  const found = await resellers(queries, actor.scope).find(params.id, now)
  if (!found) throw new ProblemError('reseller-not-found')
  return found
}

async function existingCustomer(
  queries: Kysely<Schema>,
  { actor, params, now, publicUrl }: OneRequest,
): Promise<CustomerDetails> {
  const found = await customers(queries, actor.scope).find(params.id, { now, publicUrl }, false)
  if (!found) throw new ProblemError('customer-not-found')
  return found
}

/** A customer that stays under its reseller until the transaction ends. */
async function heldCustomer(transaction: Transaction<Schema>, request: OneRequest): Promise<CustomerDetails> {
  const { id } = await existingCustomer(transaction, request)
  await holdCustomers(transaction, 'id', id)
  return existingCustomer(transaction, request)
}

/** A client that stays where it is until the transaction ends: it may be moved away in this very moment. */
export async function heldClient(
  transaction: Transaction<Schema>,
  request: OneRequest,
): Promise<FoundClient> {
  const { shown } = await existingClient(transaction, request)
  await holdClients(transaction, sql<boolean>`clients.id = ${shown.id}`)
  return existingClient(transaction, request)
}

export async function existingClient(queries: Kysely<Schema>, request: OneRequest): Promise<FoundClient> {
  const { actor, params, now, publicUrl } = request
  const view = { now, month: calendarMonth(now), publicUrl }
  const found = await clients(queries, actor.scope).find(params.id, view)
  if (!found) throw new ProblemError('client-not-found')
  return found
}
