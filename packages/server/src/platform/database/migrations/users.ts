import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** Users at every level: whether they may sign in, and the one-time links by which they choose a password. */
export function users(kind: DatabaseKind) {
  const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('users')
        .addColumn('state', 'text', (c) => c.notNull().defaultTo('active'))
        .execute()
      await db.schema.alterTable('users').addColumn('last_sign_in_at', 'bigint').execute()
      await db.schema
        .createTable('one_time_links')
        .addColumn('token_hash', bytes, (c) => c.primaryKey().notNull())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .execute()
      await sql`create index one_time_links_user on one_time_links (user_id)`.execute(db)
    },
  }
}
