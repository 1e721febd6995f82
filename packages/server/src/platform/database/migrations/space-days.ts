import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** Used space over time. */
export function spaceDays(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('space_days')
        .addColumn('owner_id', 'text', (c) => c.notNull())
        .addColumn('day', 'integer', (c) => c.notNull())
        .addColumn('used_bytes', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('space_days_key', ['owner_id', 'day'])
        .modifyEnd(kind === 'sqlite' ? sql`without rowid` : sql``)
        .execute()
      await sql`create index space_days_day on space_days (day)`.execute(db)
    },
  }
}
