import { type RouteAnswer, type RouteCall, type RouteName, routes } from '@granary/contract'
import { texts } from '../texts/index.ts'
import { Refusal } from './refusal.ts'

/** Those parts of a call that its route takes. */
export type CallInput<Name extends RouteName> = {
  [Part in keyof RouteCall<Name> as RouteCall<Name>[Part] extends undefined
    ? never
    : Part]: RouteCall<Name>[Part]
}

/** Sent to `window` when the server no longer knows who is asking. */
export const signedOutEvent = 'granary:signed-out'

/**
 * Calls a route of the contract with the session's cookie.
 * @throws {Refusal} when the server refuses, or does not answer
 */
export async function call<Name extends RouteName>(
  name: Name,
  input: CallInput<Name>,
  signal?: AbortSignal,
): Promise<RouteAnswer<Name>> {
  const route = routes[name]
  const parts = input as { params?: object; query?: object; body?: unknown }
  const request: RequestInit = { method: route.method, credentials: 'same-origin', ...(signal && { signal }) }
  if (parts.body !== undefined) {
    request.body = JSON.stringify(parts.body)
    request.headers = { 'content-type': 'application/json' }
  }
  const response = await fetch(address(route.path, parts), request).catch((cause) => {
    if (signal?.aborted) throw cause
    throw new Refusal({ code: 'unreachable', status: 0, ...texts.common.unreachable })
  })
  if (response.status === 204) return null as RouteAnswer<Name>
  if (response.ok) return (await response.json()) as RouteAnswer<Name>
  const refusal = await readRefusal(response)
  if (refusal.code === 'not-signed-in' && name !== 'readSession')
    window.dispatchEvent(new Event(signedOutEvent))
  throw refusal
}

function address(path: string, { params = {}, query = {} }: { params?: object; query?: object }): string {
  const values = new Map<string, unknown>(Object.entries(params))
  const filled = path.replace(/:(\w+)/g, (_, key) => encodeURIComponent(String(values.get(key))))
  const asked = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) asked.set(key, String(value))
  }
  return asked.size > 0 ? `${filled}?${asked}` : filled
}

async function readRefusal(response: Response): Promise<Refusal> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  if (isProblem) return new Refusal(await response.json())
  // Not the server itself: a proxy before it, say.
  return new Refusal({
    code: 'foreign-answer',
    status: response.status,
    title: texts.common.foreignAnswer.title(`${response.status} ${response.statusText}`.trim()),
    advice: texts.common.foreignAnswer.advice,
  })
}
