import { type Kysely, sql } from 'kysely'

/** What somebody should look at, and the programs that are told of it. */
export function alerts() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('alerts')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('subject_id', 'text', (c) => c.notNull())
        .addColumn('subject_name', 'text', (c) => c.notNull())
        .addColumn('reseller_id', 'text')
        .addColumn('customer_id', 'text')
        .addColumn('text', 'text', (c) => c.notNull())
        .addColumn('began_at', 'bigint', (c) => c.notNull())
        .addColumn('resolved_at', 'bigint')
        .execute()
      await sql`create unique index alerts_open on alerts (kind, subject_id) where resolved_at is null`.execute(
        db,
      )
      await sql`create index alerts_customer on alerts (customer_id)`.execute(db)
      await db.schema
        .createTable('webhooks')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('url', 'text', (c) => c.notNull())
        .addColumn('sealed_secret', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('last_at', 'bigint')
        .addColumn('last_ok', 'integer')
        .addColumn('last_answer', 'text')
        .execute()
    },
  }
}
