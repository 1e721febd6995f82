import { type Kysely, sql } from 'kysely'

/** Work that outlives the request or the process that asked for it: mail, purges, reports. */
export function jobs() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('jobs')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('key', 'text')
        .addColumn('payload', 'text', (c) => c.notNull())
        .addColumn('due_at', 'bigint', (c) => c.notNull())
        .addColumn('attempts', 'integer', (c) => c.notNull())
        .addColumn('holder', 'text')
        .addColumn('lease_until', 'bigint', (c) => c.notNull())
        .addColumn('last_error', 'text')
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('given_up_at', 'bigint')
        .execute()
      await sql`create unique index jobs_key on jobs (kind, key) where key is not null`.execute(db)
      await sql`create index jobs_due on jobs (due_at) where given_up_at is null`.execute(db)
    },
  }
}
