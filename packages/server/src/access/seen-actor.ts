import { type RawBuilder, sql } from 'kysely'
import { type Scope, within } from './scope.ts'

/** What those above are called below: their names are no business of the places they look after. */
export const someoneAbove = 'Provider'

/**
 * 1 where whoever did something belongs to a scope.
 * @param actor an expression for `user:…`, `api-key:…` and the like
 */
export function isSeenActor(scope: Scope, actor: RawBuilder<unknown>): RawBuilder<number> {
  if (scope.level === 'server') return sql<number>`1`
  // Not asked row by row: a list sorted by who did it asks it of all of them.
  const among = (kind: 'user' | 'api-key', table: 'users' | 'api_keys') =>
    sql`${actor} in (select ${`${kind}:`} || w.id ${of(scope, table)})`
  return sql<number>`case when ${among('user', 'users')} or ${among('api-key', 'api_keys')} then 1 else 0 end`
}

/** The same where only the name of whoever did it is known; the server itself has none. */
export function isSeenName(scope: Scope, name: RawBuilder<unknown>): RawBuilder<number> {
  if (scope.level === 'server') return sql<number>`1`
  const among = (table: 'users' | 'api_keys') => sql`${name} in (select w.name ${of(scope, table)})`
  return sql<number>`case when ${name} = '' or ${among('users')} or ${among('api_keys')} then 1 else 0 end`
}

function of(scope: Scope, table: 'users' | 'api_keys'): RawBuilder<unknown> {
  return sql`from ${sql.table(table)} w left join customers c on c.id = w.customer_id
    where ${within(scope, { reseller: sql`coalesce(w.reseller_id, c.reseller_id)`, customer: sql`w.customer_id` })}`
}
