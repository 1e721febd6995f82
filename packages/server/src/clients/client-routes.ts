import { type ClientPatch, ProblemError } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import {
  type Actor,
  type CredentialHash,
  changes,
  newSecret,
  type RouteImplementation,
  reads,
} from '../access/access.ts'
import { customers } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { DatabaseKind } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { PlaceVault } from '../storage/storage.ts'
import { setPlugins } from './client-plugins.ts'
import { clients, type FoundClient, insertClient } from './client-store.ts'
import { type DrawDifference, editClient, resetCredentials } from './edit-client.ts'
import { expectTrialPermitted } from './trial.ts'

/** @param hash of client secrets */
export function clientRoutes(
  kind: DatabaseKind,
  changeCounter: ChangeCounter,
  hash: CredentialHash,
  drawDifference: DrawDifference,
  placeVault: PlaceVault,
): readonly RouteImplementation[] {
  return [
    reads('findClients', (request, queries) =>
      clients(queries, request.actor.scope).page(null, request.query, viewOf(request), kind),
    ),
    reads('listClients', async (request, queries) => {
      const customer = await existingCustomer(queries, request.actor, request.params.id)
      return clients(queries, request.actor.scope).page(customer.id, request.query, viewOf(request), kind)
    }),
    reads('readClient', async (request, queries) => (await existing(queries, request)).shown),
    changes('createClient', async (request, transaction) => {
      const { actor, body, params, now } = request
      const customer = await existingCustomer(transaction, actor, params.id)
      if (body.trial && actor.level === 'customer')
        throw new ProblemError('not-permitted', { needed: 'reseller' })
      const secret = newSecret()
      const { id } = await insertClient(transaction, placeVault, {
        customerId: customer.id,
        clientId: body.clientId,
        kind: body.kind,
        state: body.state ?? 'active',
        appendOnly: body.appendOnly ?? false,
        secretHash: hash.of(secret),
        allottedBytes: body.space?.allottedBytes ?? null,
        trial: body.trial,
        admittedBy: 'added',
        now,
      })
      if (body.plugins !== undefined) await setPlugins(transaction, id, body.plugins)
      const found = await existing(transaction, { ...request, params: { id } })
      return { answer: { ...found.shown, secret }, record: { ...recordOf(found), details: body } }
    }),
    changes('editClient', async (request, transaction) => {
      const found = await edit(transaction, request, request.body)
      return { answer: found.shown, record: { ...recordOf(found), details: request.body } }
    }),
    changes('activateClient', async (request, transaction) => {
      const found = await edit(transaction, request, { state: 'active' })
      return { answer: found.shown, record: recordOf(found) }
    }),
    changes('deactivateClient', async (request, transaction) => {
      const found = await edit(transaction, request, { state: 'deactivated' })
      return { answer: found.shown, record: recordOf(found) }
    }),
    changes('resetClientCredentials', async (request, transaction) => {
      const found = await existing(transaction, request)
      const secret = newSecret()
      await resetCredentials(transaction, changeCounter, found.shown.id, hash.of(secret))
      return { answer: { ...found.shown, secret }, record: recordOf(found) }
    }),
  ]

  async function edit(
    transaction: Transaction<Schema>,
    request: OneClientRequest,
    patch: ClientPatch,
  ): Promise<FoundClient> {
    const { shown } = await existing(transaction, request)
    const { actor, now } = request
    expectTrialPermitted(actor, patch.trial, shown, now)
    const trial = patch.trial === undefined ? shown.trial : patch.trial
    if (patch.state === 'active' && shown.state !== 'active' && trial && trial.endsAt <= now)
      throw new ProblemError('trial-ended', { endedAt: trial.endsAt })
    await editClient(transaction, changeCounter, shown.id, patch, {
      now,
      actorName: actor.name,
      drawDifference,
    })
    return existing(transaction, request)
  }
}

interface OneClientRequest {
  readonly actor: Actor
  readonly params: { readonly id: string }
  readonly now: number
  readonly publicUrl: string
}

async function existing(queries: Kysely<Schema>, request: OneClientRequest): Promise<FoundClient> {
  const found = await clients(queries, request.actor.scope).find(request.params.id, viewOf(request))
  if (!found) throw new ProblemError('client-not-found')
  return found
}

async function existingCustomer(queries: Kysely<Schema>, actor: Actor, id: string) {
  const customer = await customers(queries, actor.scope).findPlace(id)
  if (!customer) throw new ProblemError('customer-not-found')
  return customer
}

function viewOf({ now, publicUrl }: { now: number; publicUrl: string }) {
  return { now, month: calendarMonth(now), publicUrl }
}

function recordOf({ shown, resellerId }: FoundClient) {
  return {
    target: { id: shown.id, name: shown.clientId },
    resellerId,
    customerId: shown.customer.id,
  }
}
