import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** What users do without by mail, what was told of, and what the retention of logs has removed. */
export function alertMailsAndRetention(kind: DatabaseKind) {
  const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('users')
        .addColumn('mails_off', 'text', (c) => c.notNull().defaultTo(''))
        .execute()
      await db.schema.alterTable('alerts').addColumn('mailed_at', 'bigint').execute()
      // Those of before were mailed when they began, or are known by now.
      await sql`update alerts set mailed_at = began_at`.execute(db)
      await sql`create index alerts_resolved on alerts (resolved_at) where resolved_at is not null`.execute(
        db,
      )
      await db.schema
        .alterTable('audit_head')
        .addColumn('pruned_entries', 'bigint', (c) => c.notNull().defaultTo(0))
        .execute()
      await db.schema.alterTable('audit_head').addColumn('pruned_hash', bytes).execute()
      await db.schema
        .createTable('webhook_deliveries')
        .addColumn('seq', kind === 'postgres' ? sql`bigint` : 'integer', (c) =>
          kind === 'postgres' ? c.generatedAlwaysAsIdentity().primaryKey() : c.autoIncrement().primaryKey(),
        )
        .addColumn('webhook_id', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('event_id', 'text', (c) => c.notNull())
        .addColumn('event', 'text', (c) => c.notNull())
        .addColumn('about', 'text', (c) => c.notNull())
        .addColumn('ok', 'integer', (c) => c.notNull())
        .addColumn('answer', 'text', (c) => c.notNull())
        .execute()
      await sql`create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, seq)`.execute(db)
      await sql`create index audit_log_event on audit_log (event, seq)`.execute(db)
    },
  }
}
