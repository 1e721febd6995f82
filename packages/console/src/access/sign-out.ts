import type { AnyRouter } from '@tanstack/react-router'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tellRefusal } from '../shell/tell.tsx'
import { sessionQuery } from './session.ts'

export async function signOut(router: AnyRouter): Promise<void> {
  try {
    await call('signOut', {})
  } catch (failure) {
    return tellRefusal(failure)
  }
  forgetSession(router, '/sign-in')
}

/** Nothing of what was read stays in the browser once nobody is signed in. */
function forgetSession(router: AnyRouter, next: string): void {
  router.history.push(next, undefined, { ignoreBlocker: true })
  cache.clear()
  cache.setQueryData(sessionQuery.queryKey, null)
}

/** The server no longer knows who is asking: sign in again, and come back to where one was. */
export function followSignedOut(router: AnyRouter): void {
  const { pathname, searchStr } = router.state.location
  if (pathname === '/sign-in') return
  forgetSession(router, `/sign-in?ended=1&from=${encodeURIComponent(pathname + searchStr)}`)
}
