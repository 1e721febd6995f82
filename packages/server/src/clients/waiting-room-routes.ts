import { ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
import { type Actor, changes, type RouteImplementation, reads } from '../access/access.ts'
import { customers } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { PlaceVault } from '../storage/storage.ts'
import { clients } from './client-store.ts'
import { admitWaiting, refuseWaiting, waitingRoom } from './waiting-room.ts'

export function waitingRoomRoutes(placeVault: PlaceVault): readonly RouteImplementation[] {
  return [
    reads('listWaitingClients', ({ actor, query }, queries) => waitingRoom(queries, actor.scope).page(query)),
    changes('admitWaitingClient', async (request, transaction) => {
      const { actor, body, now, publicUrl } = request
      const waiting = await existing(transaction, request)
      const place = await customers(transaction, actor.scope).findPlace(
        body.customer ?? waiting.shown.customer.id,
      )
      if (!place) throw new ProblemError('customer-not-found')
      const id = await admitWaiting(transaction, placeVault, waiting, {
        customerId: place.id,
        kind: body.kind,
        now,
      })
      const found = await clients(transaction, actor.scope).find(id, {
        now,
        month: calendarMonth(now),
        publicUrl,
      })
      if (!found) throw new ProblemError('client-not-found')
      const { clientId, address, reason } = waiting.shown
      return {
        answer: found.shown,
        record: {
          target: { id, name: clientId },
          resellerId: place.reseller_id,
          customerId: place.id,
          details: { kind: body.kind, cameTo: waiting.shown.customer.id, address, reason },
        },
      }
    }),
    changes('refuseWaitingClient', async (request, transaction) => {
      const { shown, resellerId } = await existing(transaction, request)
      await refuseWaiting(transaction, shown.id)
      return {
        answer: { ...shown, state: 'refused' as const },
        record: {
          target: { id: shown.id, name: shown.clientId },
          resellerId,
          customerId: shown.customer.id,
          details: { address: shown.address, reason: shown.reason },
        },
      }
    }),
  ]
}

async function existing(
  queries: Kysely<Schema>,
  { actor, params }: { readonly actor: Actor; readonly params: { readonly id: string } },
) {
  const found = await waitingRoom(queries, actor.scope).find(params.id)
  if (!found) throw new ProblemError('waiting-client-not-found')
  return found
}
