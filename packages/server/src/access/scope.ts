import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** What part of the server somebody sees: all of it, one reseller's, or one customer's. */
export type Scope =
  | { readonly level: 'server' }
  | { readonly level: 'reseller'; readonly resellerId: string }
  | { readonly level: 'customer'; readonly resellerId: string; readonly customerId: string }

/** What the server itself may see, at its start and on its command line. */
export const wholeServer: Scope = { level: 'server' }

/**
 * The condition under which a row lies within a scope. What does not is "not found", for whoever asks.
 * @param columns where the row says which reseller and customer it belongs to
 */
export function within(
  scope: Scope,
  columns: { readonly reseller: RawBuilder<unknown>; readonly customer?: RawBuilder<unknown> },
): RawBuilder<SqlBool> {
  if (scope.level === 'server') return sql<SqlBool>`1 = 1`
  if (scope.level === 'reseller') return sql<SqlBool>`${columns.reseller} = ${scope.resellerId}`
  if (columns.customer === undefined) return sql<SqlBool>`1 = 0`
  return sql<SqlBool>`${columns.customer} = ${scope.customerId}`
}
