import type { Level, Role } from '@granary/contract'
import type { Scope } from './scope.ts'

/** Who is asking: a user or an API key, with a role at a place. */
export interface Actor {
  readonly kind: 'user' | 'api-key'
  readonly id: string
  readonly name: string
  /** Users have one; API keys do not. */
  readonly email: string | null
  readonly level: Level
  readonly role: Role
  readonly scope: Scope
  /** The reseller's or customer's name; of the server, "Server". */
  readonly placeName: string
  /** Of the browser session; null for API keys */
  readonly sessionId: string | null
  /** Who it really is, where somebody looks at the console as a lower user; otherwise null */
  readonly behind: { readonly id: string; readonly name: string; readonly mode: 'look' | 'act' } | null
}

/** Columns that say where a user or an API key belongs, joined with its place. */
export interface ActorColumns {
  readonly id: string
  readonly name: string
  readonly level: Level
  readonly role: Role
  readonly reseller_id: string | null
  readonly customer_id: string | null
  readonly reseller_name: string | null
  readonly customer_name: string | null
  /** Of the customer */
  readonly customer_reseller_id: string | null
}

/** @returns null when the place was deleted: whoever belonged there may do nothing any more */
export function actorFrom(
  row: ActorColumns,
  kind: Actor['kind'],
  more: { email: string | null; sessionId: string | null },
): Actor | null {
  const who = { kind, id: row.id, name: row.name, level: row.level, role: row.role, behind: null, ...more }
  if (row.level === 'server') return { ...who, scope: { level: 'server' }, placeName: 'Server' }
  if (row.level === 'reseller') {
    if (row.reseller_id === null || row.reseller_name === null) return null
    return { ...who, scope: { level: 'reseller', resellerId: row.reseller_id }, placeName: row.reseller_name }
  }
  if (row.customer_id === null || row.customer_name === null || row.customer_reseller_id === null) return null
  const scope = {
    level: 'customer',
    resellerId: row.customer_reseller_id,
    customerId: row.customer_id,
  } as const
  return { ...who, scope, placeName: row.customer_name }
}

/** Who answers for what an actor does, for the audit log and reports: both, where somebody acts as somebody else. */
export function accountable(actor: Actor): { actor: string; actorName: string } {
  const { behind, kind, id, name } = actor
  if (behind === null) return { actor: `${kind}:${id}`, actorName: name }
  return { actor: `user:${behind.id}`, actorName: `${behind.name} as ${name}` }
}

/** The ID of the place somebody belongs to; null for the server. */
export function placeIdOf(actor: Actor): string | null {
  if (actor.scope.level === 'server') return null
  return actor.scope.level === 'reseller' ? actor.scope.resellerId : actor.scope.customerId
}

/** The ID of the reseller whose brand somebody sees; null for the server's own. */
export function resellerOf(actor: Actor): string | null {
  return actor.scope.level === 'server' ? null : actor.scope.resellerId
}
