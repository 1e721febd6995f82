import type { Kysely } from 'kysely'
import type { Schema } from '../../platform/database/schema.ts'
import { type Actor, actorFrom } from '../actor.ts'
import type { Scope } from '../scope.ts'

/** @returns null when there is no such user any more, or they may not sign in, or lost their place */
export async function actorOfUser(queries: Kysely<Schema>, id: string): Promise<Actor | null> {
  const row = await queries
    .selectFrom('users')
    .leftJoin('resellers', (join) =>
      join.onRef('resellers.id', '=', 'users.reseller_id').on('resellers.deleted_at', 'is', null),
    )
    .leftJoin('customers', (join) =>
      join.onRef('customers.id', '=', 'users.customer_id').on('customers.deleted_at', 'is', null),
    )
    .selectAll('users')
    .select([
      'resellers.name as reseller_name',
      'customers.name as customer_name',
      'customers.reseller_id as customer_reseller_id',
    ])
    .where('users.id', '=', id)
    .where('users.deleted_at', 'is', null)
    .where('users.state', '=', 'active')
    .executeTakeFirst()
  return row ? actorFrom(row, 'user', { email: row.email, sessionId: null }) : null
}

/** Whether a place lies below another one: who looks down may only look there. */
export function isBelow(upper: Scope, lower: Scope): boolean {
  if (upper.level === 'server') return lower.level !== 'server'
  if (upper.level === 'customer') return false
  return lower.level === 'customer' && lower.resellerId === upper.resellerId
}
