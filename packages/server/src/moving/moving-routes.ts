import { ProblemError } from '@granary/contract'
import { changes, type RouteImplementation } from '../access/access.ts'
import { clients } from '../clients/clients.ts'
import { customers } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import { moveClient } from './move-client.ts'

export function movingRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    changes('moveClient', async ({ actor, params, body, now, publicUrl }, transaction) => {
      const view = { now, month: calendarMonth(now), publicUrl }
      const seen = clients(transaction, actor.scope)
      const found = await seen.find(params.id, view)
      const places = customers(transaction, actor.scope)
      const from = found && (await places.findPlace(found.shown.customer.id))
      if (!found || !from) throw new ProblemError('client-not-found')
      const to = await places.findPlace(body.customer)
      if (!to) throw new ProblemError('customer-not-found')
      await moveClient(transaction, changeCounter, found.shown.id, { from, to }, now)
      const moved = await seen.find(params.id, view)
      if (!moved) throw new ProblemError('client-not-found')
      return {
        answer: moved.shown,
        record: {
          target: { id: moved.shown.id, name: moved.shown.clientId },
          resellerId: to.reseller_id,
          customerId: to.id,
          details: { from: { id: from.id, name: from.name }, to: { id: to.id, name: to.name } },
        },
      }
    }),
  ]
}
