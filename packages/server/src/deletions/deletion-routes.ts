import { type CustomerDetails, ProblemError, type ResellerDetails, whyNot } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { type Actor, changes, type RouteImplementation, reads } from '../access/access.ts'
import { clients, type FoundClient } from '../clients/clients.ts'
import { customers } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { resellers } from '../resellers/resellers.ts'
import { deleteClient } from './delete-client.ts'
import { deleteCustomer } from './delete-customer.ts'
import { deleteReseller } from './delete-reseller.ts'
import { previewDeletion } from './deletion-preview.ts'

export function deletionRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('previewResellerDeletion', async (request, queries) => {
      const reseller = await existingReseller(queries, request)
      const which = sql<boolean>`clients.customer_id in (select customers.id from customers where customers.reseller_id = ${reseller.id})`
      const permanent = reseller.isDefault ? whyNot('delete', reseller) : null
      return previewDeletion(queries, which, {
        customers: reseller.customerCount,
        permanent,
        now: request.now,
      })
    }),
    changes('deleteReseller', async (request, transaction) => {
      const reseller = await existingReseller(transaction, request)
      const { contents } = request.query
      await deleteReseller(transaction, changeCounter, reseller, contents, byWhom(request), request.now)
      const record = { target: reseller, resellerId: reseller.id, details: { contents } }
      return { answer: null, record }
    }),
    reads('previewCustomerDeletion', async (request, queries) => {
      const customer = await existingCustomer(queries, request)
      const which = sql<boolean>`clients.customer_id = ${customer.id}`
      const permanent = customer.isDefault ? whyNot('delete', customer) : null
      return previewDeletion(queries, which, { customers: 1, permanent, now: request.now })
    }),
    changes('deleteCustomer', async (request, transaction) => {
      const customer = await existingCustomer(transaction, request)
      const { contents } = request.query
      await deleteCustomer(transaction, changeCounter, customer, contents, byWhom(request), request.now)
      const place = { resellerId: customer.reseller.id, customerId: customer.id }
      return { answer: null, record: { target: customer, ...place, details: { contents } } }
    }),
    reads('previewClientDeletion', async (request, queries) => {
      const { shown } = await existingClient(queries, request)
      const which = sql<boolean>`clients.id = ${shown.id}`
      return previewDeletion(queries, which, { customers: 0, permanent: null, now: request.now })
    }),
    changes('deleteClient', async (request, transaction) => {
      const client = await existingClient(transaction, request)
      await deleteClient(transaction, changeCounter, client, byWhom(request), request.now)
      const { id, clientId, customer } = client.shown
      const place = { resellerId: client.resellerId, customerId: customer.id }
      return { answer: null, record: { target: { id, name: clientId }, ...place } }
    }),
  ]
}

interface OneRequest {
  readonly actor: Actor
  readonly params: { readonly id: string }
  readonly now: number
  readonly publicUrl: string
  readonly address: string
}

function byWhom({ actor, address }: OneRequest) {
  return { actor: `${actor.kind}:${actor.id}`, address }
}

async function existingReseller(
  queries: Kysely<Schema>,
  { actor, params, now }: OneRequest,
): Promise<ResellerDetails> {
  const found = await resellers(queries, actor.scope).find(params.id, calendarMonth(now))
  if (!found) throw new ProblemError('reseller-not-found')
  return found
}

async function existingCustomer(
  queries: Kysely<Schema>,
  { actor, params, now }: OneRequest,
): Promise<CustomerDetails> {
  const found = await customers(queries, actor.scope).find(params.id, calendarMonth(now), false)
  if (!found) throw new ProblemError('customer-not-found')
  return found
}

async function existingClient(queries: Kysely<Schema>, request: OneRequest): Promise<FoundClient> {
  const { actor, params, now, publicUrl } = request
  const view = { now, month: calendarMonth(now), publicUrl }
  const found = await clients(queries, actor.scope).find(params.id, view)
  if (!found) throw new ProblemError('client-not-found')
  return found
}
