import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/**
 * Contents of small objects until they have their files; on SQLite only, where the files lie on the machine of the
 * database. And entries of the trash are found by what they hold.
 */
export function contentJournal(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index trash_object on trash (vault_no, type, name)`.execute(db)
      if (kind !== 'sqlite') return
      await db.schema
        .createTable('content_journal')
        .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
        .addColumn('vault_no', 'bigint', (c) => c.notNull())
        .addColumn('type', 'integer', (c) => c.notNull())
        .addColumn('name', sql`blob`, (c) => c.notNull())
        .addColumn('content', sql`blob`, (c) => c.notNull())
        .execute()
    },
  }
}
