import {
  type CustomerDetails,
  type CustomerInput,
  ProblemError,
  permits,
  type ResellerDetails,
} from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import { type Actor, changes, type RouteImplementation, reads, wholeServer } from '../access/access.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { expectResellerManagement } from '../platform/settings.ts'
import { editProtectionWithPlace } from '../protection/protection.ts'
import { resellers } from '../resellers/resellers.ts'
import { chosenLocation } from '../storage/storage.ts'
import { createCustomer } from './create-customer.ts'
import { type CustomerTotals, customers } from './customer-store.ts'
import { editCustomer, rotatePassKey } from './edit-customer.ts'
import { ListTotals } from './list-totals.ts'

export function customerRoutes({ kind, changeCounter }: Database): readonly RouteImplementation[] {
  const totals: CustomerTotals = new ListTotals(kind)
  return [
    reads('listCustomers', ({ actor, query, now }, queries) =>
      customers(queries, actor.scope).page(query, now, totals),
    ),
    reads('readCustomer', (request, queries) => existing(queries, request, request.params.id)),
    changes('createCustomer', async (request, transaction) => {
      const { actor, body, now } = request
      expectTrialPermitted(actor, body.trial, undefined)
      const reseller = await resellerFor(transaction, actor, body, now)
      const storageLocation = await chosenLocation(transaction, actor, body.storageLocation, null)
      const input = { ...body, storageLocation }
      const id = await createCustomer(transaction, reseller, input, { now, actorName: actor.name })
      const answer = await existing(transaction, request, id)
      return { answer, record: { ...recordOf(answer), details: body } }
    }),
    changes('editCustomer', async (request, transaction) => {
      const answer = await edit(transaction, request, request.body)
      return { answer, record: { ...recordOf(answer), details: request.body } }
    }),
    changes('activateCustomer', async (request, transaction) => {
      const answer = await edit(transaction, request, { state: 'active' })
      return { answer, record: recordOf(answer) }
    }),
    changes('deactivateCustomer', async (request, transaction) => {
      const answer = await edit(transaction, request, { state: 'deactivated' })
      return { answer, record: recordOf(answer) }
    }),
    changes('rotatePassKey', async (request, transaction) => {
      const { id } = await existing(transaction, request, request.params.id)
      await rotatePassKey(transaction, changeCounter, id)
      const answer = await existing(transaction, request, id)
      return { answer, record: recordOf(answer) }
    }),
  ]

  async function edit(
    transaction: Transaction<Schema>,
    request: Asked & { readonly params: { readonly id: string } },
    patch: Parameters<typeof editCustomer>[3],
  ): Promise<CustomerDetails> {
    const { actor, params, now } = request
    const before = await existing(transaction, request, params.id)
    expectTrialPermitted(actor, patch.trial, before.trial)
    const { storageLocation: wanted, protection } = patch
    const places = [before.id, before.reseller.id]
    await editProtectionWithPlace(transaction, actor, 'editCustomerProtection', places, protection)
    const storageLocation = await chosenLocation(transaction, actor, wanted, before.storageLocation)
    const input = { ...patch, storageLocation }
    await editCustomer(transaction, changeCounter, before, input, { now, actorName: actor.name })
    return existing(transaction, request, params.id)
  }
}

/** By whom, when and where it was asked. */
interface Asked {
  readonly actor: Actor
  readonly now: number
  readonly publicUrl: string
}

async function existing(
  queries: Kysely<Schema>,
  { actor, now, publicUrl }: Asked,
  id: string,
): Promise<CustomerDetails> {
  const seesPassKey = permits({ levels: [actor.level], role: 'operator' }, actor)
  const found = await customers(queries, actor.scope).find(id, { now, publicUrl }, seesPassKey)
  if (!found) throw new ProblemError('customer-not-found')
  return found
}

/**
 * The reseller a new customer goes under: the one named, else one's own, else Default Reseller, under which all new ones
 * hang while resellers are not managed.
 * @throws {ProblemError} reseller-not-found, reseller-management-off
 */
async function resellerFor(
  queries: Kysely<Schema>,
  actor: Actor,
  input: CustomerInput,
  now: number,
): Promise<ResellerDetails> {
  const own = actor.scope.level === 'reseller' ? actor.scope.resellerId : undefined
  const id = input.reseller ?? own
  const found =
    id === undefined
      ? await resellers(queries, wholeServer).findDefault(now)
      : await resellers(queries, actor.scope).find(id, now)
  if (!found) throw new ProblemError('reseller-not-found')
  if (!found.isDefault) await expectResellerManagement(queries)
  return found
}

function recordOf(customer: CustomerDetails) {
  return { target: customer, resellerId: customer.reseller.id, customerId: customer.id }
}

/** Trials cost the server MCALs that nobody pays for, so only the server gives them. */
function expectTrialPermitted(
  actor: Actor,
  trial: CustomerInput['trial'],
  before: CustomerDetails['trial'] | undefined,
): void {
  if (trial === undefined || actor.level === 'server') return
  const own = before ?? { days: null, keepDays: null, forNewClients: false }
  const isChanged = Object.entries(trial).some(([key, value]) => own[key as keyof typeof own] !== value)
  if (isChanged) throw new ProblemError('not-permitted', { needed: 'server' })
}
