import { ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
import { type Actor, changes, type RouteImplementation, reads } from '../access/access.ts'
import { customers } from '../customers/customers.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { editProtection, readProtection } from '../protection/protection.ts'
import { resellers } from '../resellers/resellers.ts'

/** Undelete windows and the rest, of the server, resellers and customers. */
export function protectionRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('readServerProtection', (_request, queries) => readProtection(queries, [])),
    changes('editServerProtection', async ({ body }, transaction) => {
      await editProtection(transaction, [], body)
      await changeCounter.bump(transaction)
      const record = { target: { id: 'server', name: 'Server' }, details: body }
      return { answer: await readProtection(transaction, []), record }
    }),
    reads('readResellerProtection', async (request, queries) => {
      const reseller = await existingReseller(queries, request)
      return readProtection(queries, [reseller.id])
    }),
    changes('editResellerProtection', async (request, transaction) => {
      const reseller = await existingReseller(transaction, request)
      await editProtection(transaction, [reseller.id], request.body)
      await changeCounter.bump(transaction)
      const record = { target: reseller, resellerId: reseller.id, details: request.body }
      return { answer: await readProtection(transaction, [reseller.id]), record }
    }),
    reads('readCustomerProtection', async (request, queries) => {
      const customer = await existingCustomer(queries, request)
      return readProtection(queries, [customer.id, customer.reseller_id])
    }),
    changes('editCustomerProtection', async (request, transaction) => {
      const customer = await existingCustomer(transaction, request)
      const places = [customer.id, customer.reseller_id]
      await editProtection(transaction, places, request.body)
      await changeCounter.bump(transaction)
      const place = { resellerId: customer.reseller_id, customerId: customer.id }
      const record = { target: customer, ...place, details: request.body }
      return { answer: await readProtection(transaction, places), record }
    }),
  ]
}

interface OneRequest {
  readonly actor: Actor
  readonly params: { readonly id: string }
  readonly now: number
}

async function existingReseller(queries: Kysely<Schema>, { actor, params, now }: OneRequest) {
  const found = await resellers(queries, actor.scope).find(params.id, now)
  if (!found) throw new ProblemError('reseller-not-found')
  return found
}

async function existingCustomer(queries: Kysely<Schema>, { actor, params }: OneRequest) {
  const found = await customers(queries, actor.scope).findPlace(params.id)
  if (!found) throw new ProblemError('customer-not-found')
  return found
}
