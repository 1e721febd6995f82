import type { Kysely } from 'kysely'
import type { DatabaseKind } from '../database.ts'
import { keepCount } from './keep-count.ts'

/** How many living clients each customer has, to sort customers by. */
export function clientCounts(kind: DatabaseKind) {
  return {
    up: (db: Kysely<unknown>) =>
      keepCount(db, kind, {
        parents: 'customers',
        children: 'clients',
        parent: 'customer_id',
        column: 'client_count',
      }),
  }
}
