import { ProblemError } from '@granary/contract'
import { type RouteImplementation, reads } from '../access/access.ts'
import { clients } from '../clients/clients.ts'
import { customers } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import { readSpaceHistory } from './read-space-history.ts'

export const spaceHistoryRoutes: readonly RouteImplementation[] = [
  reads('readClientSpaceHistory', async ({ actor, params, query, now, publicUrl }, queries) => {
    const view = { now, month: calendarMonth(now), publicUrl }
    const found = await clients(queries, actor.scope).find(params.id, view)
    if (!found) throw new ProblemError('client-not-found')
    const { id, space } = found.shown
    return readSpaceHistory(queries, { id, usedBytes: space.usedBytes }, query.days, now)
  }),
  reads('readCustomerSpaceHistory', async ({ actor, params, query, now, publicUrl }, queries) => {
    const found = await customers(queries, actor.scope).find(params.id, { now, publicUrl }, false)
    if (!found) throw new ProblemError('customer-not-found')
    return readSpaceHistory(queries, { id: found.id, usedBytes: found.space.usedBytes }, query.days, now)
  }),
]
