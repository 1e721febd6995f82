import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** Clients that tried to back up under an unknown ID, until somebody lets them in. */
export function waitingRoom(kind: DatabaseKind) {
  const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('waiting_clients')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('client_id', 'text', (c) => c.notNull())
        .addColumn('client_id_key', 'text', (c) => c.notNull())
        .addColumn('secret_hash', bytes, (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('address', 'text', (c) => c.notNull())
        .addColumn('first_attempt_at', 'bigint', (c) => c.notNull())
        .addColumn('last_attempt_at', 'bigint', (c) => c.notNull())
        .addUniqueConstraint('waiting_clients_secret', ['customer_id', 'client_id_key', 'secret_hash'])
        .execute()
      await sql`create index waiting_clients_first on waiting_clients (first_attempt_at)`.execute(db)
    },
  }
}
