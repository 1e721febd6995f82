import { ProblemError } from '@granary/contract'
import { type RouteImplementation, reads } from '../access/access.ts'
import { clients } from '../clients/clients.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { DatabaseKind } from '../platform/database/database.ts'
import { pageOfVersions } from './list-versions.ts'

export function versionRoutes({ kind }: { readonly kind: DatabaseKind }): readonly RouteImplementation[] {
  return [
    reads('listVersions', async ({ actor, params, query, now, publicUrl }, queries) => {
      const view = { now, month: calendarMonth(now), publicUrl }
      const found = await clients(queries, actor.scope).find(params.id, view)
      if (!found) throw new ProblemError('client-not-found')
      return pageOfVersions({ kind, queries }, found.vaultNo, query)
    }),
  ]
}
