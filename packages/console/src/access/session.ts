import { permits, type RouteName, routes, type Session } from '@granary/contract'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { Refusal } from '../api/refusal.ts'
import { texts } from '../texts/index.ts'

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await call('readSession', {}, signal)
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 401) return null
      throw failure
    }
  },
})

/** The session of the signed-in; screens below the shell are only shown when there is one. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery)
  if (!data) throw new Error('Nobody is signed in.')
  return data
}

/** Whether who is signed in sees resellers below them: nobody does while reseller management is off. */
export function managesResellers(session: Session): boolean {
  return session.level === 'server' && session.server.resellerManagement
}

/** @returns why who is signed in may not call a route; null when they may */
export function whyNotPermitted(session: Session, name: RouteName): string | null {
  const { access, method, tag } = routes[name]
  if (tag === 'Resellers' && !session.server.resellerManagement) return texts.common.noResellerManagement
  if (session.behind?.mode === 'look' && method !== 'GET') return texts.actingAs.lookingOnly
  if (typeof access === 'string' || permits(access, session)) return null
  return texts.common.notPermitted
}
