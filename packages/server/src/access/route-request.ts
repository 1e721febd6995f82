import type { RouteInput, RouteName, routes } from '@granary/contract'
import type { ReachedAt } from '../branding/branding.ts'
import type { Actor } from './actor.ts'

export type ChangingRoute = {
  [Name in RouteName]: (typeof routes)[Name] extends { auditEvent: string } ? Name : never
}[RouteName]
export type ReadingRoute = Exclude<RouteName, ChangingRoute>

/** What a handler knows of the call: parsed, allowed, and by whom. */
export interface RouteRequest<Name extends RouteName> extends RouteInput<Name>, ReachedAt {
  readonly actor: (typeof routes)[Name]['access'] extends 'public' ? null : Actor
  /** Milliseconds since 1970 */
  readonly now: number
  /** Network address of the caller */
  readonly address: string
  /** What the browser calls itself; empty where it says nothing */
  readonly browser: string
  cookie(name: string): string | undefined
  setHeader(name: string, value: string): void
}

/** What the audit log says of a change beyond its event: what was changed, where, and how. */
interface ChangeRecord {
  readonly target: { readonly id: string; readonly name: string }
  readonly resellerId?: string | null
  readonly customerId?: string | null
  readonly details?: Readonly<Record<string, unknown>>
  /** Who did it, where the request itself could not say: somebody signing in. */
  readonly actor?: { readonly id: string; readonly name: string }
}

/** Answered by a changing handler: what goes out, and what goes into the audit log. */
export interface Changed<Answer> {
  readonly answer: Answer
  readonly record: ChangeRecord
}
