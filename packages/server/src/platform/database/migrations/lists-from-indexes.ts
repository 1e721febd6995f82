import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** `objectTypeCode('snapshots')` */
const snapshotType = 3

/**
 * What a list reads of every row stands in an index: the customers whose limits are summed for each reseller, a vault's
 * versions by age, and on PostgreSQL all that a search of clients looks at (SQLite is as quick with the table).
 */
export function listsFromIndexes(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index customers_below on customers (reseller_id, id) where deleted_at is null`.execute(
        db,
      )
      await sql`create index objects_snapshots on objects (vault_no, stored_at) where type = ${sql.lit(snapshotType)}`.execute(
        db,
      )
      if (kind === 'sqlite') return
      await sql`drop index clients_client_id`.execute(db)
      await sql`
        create unique index clients_client_id on clients (client_id_key) include (id, customer_id)
        where deleted_at is null`.execute(db)
    },
  }
}
