import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'

/** What is usual for each client, the warning signs it shows, and trash that is kept until somebody has looked. */
export function warningSigns() {
  const required = (column: ColumnDefinitionBuilder) => column.notNull()
  const zero = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0)

  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('clients').addColumn('trash_kept_until', 'bigint').execute()
      await db.schema.alterTable('clients').addColumn('clock_ahead_ms', 'bigint').execute()
      await sql`create index clients_kept on clients (customer_id, trash_kept_until) where trash_kept_until is not null`.execute(
        db,
      )
      await sql`create index clients_clock on clients (vault_no) where clock_ahead_ms is not null`.execute(db)
      await db.schema.alterTable('protection').addColumn('warning_sensitivity', 'text').execute()
      await sql`create index damaged_objects_unhealed on damaged_objects (vault_no) where healed_at is null`.execute(
        db,
      )
      await sql`create index damaged_objects_found on damaged_objects (found_at)`.execute(db)

      await db.schema
        .createTable('vault_days')
        .addColumn('vault_no', 'bigint', required)
        .addColumn('began_at', 'bigint', required)
        .addColumn('last_at', 'bigint', required)
        .addColumn('backups', 'integer', zero)
        .addColumn('stored_bytes', 'bigint', zero)
        .addColumn('removed_bytes', 'bigint', zero)
        .addColumn('removed_versions', 'integer', zero)
        .addColumn('removed_from', 'bigint')
        .addColumn('held_bytes', 'bigint', required)
        .addColumn('held_versions', 'integer', required)
        .addColumn('left_bytes', 'bigint', required)
        .addColumn('left_versions', 'integer', required)
        .addColumn('run_at', 'bigint', required)
        .addColumn('run_bytes', 'bigint', zero)
        .addColumn('surge_at', 'bigint')
        .addColumn('standing', 'text', required)
        .addPrimaryKeyConstraint('vault_days_key', ['vault_no', 'began_at'])
        .execute()

      await db.schema
        .createTable('warnings')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('vault_no', 'bigint', required)
        .addColumn('client_id', 'text', (c) => c.notNull().references('clients.id'))
        .addColumn('sign', 'text', required)
        .addColumn('observed', 'bigint', required)
        .addColumn('usual', 'bigint', required)
        .addColumn('held', 'bigint', required)
        .addColumn('since', 'bigint', required)
        .addColumn('put_back_to', 'bigint', required)
        .addColumn('raised_at', 'bigint', required)
        .addColumn('released_at', 'bigint')
        .addColumn('released_by', 'text')
        .addColumn('reason', 'text')
        .addColumn('expected', 'integer')
        .execute()
      await sql`create unique index warnings_open on warnings (client_id, sign) where released_at is null`.execute(
        db,
      )
      await sql`create index warnings_raised on warnings (raised_at, id)`.execute(db)
      await tellNewKinds(db as Kysely<{ settings: { key: string; value: string } }>)
    },
  }
}

/** Where administrators chose what they are told of, they could not choose these yet. */
async function tellNewKinds(db: Kysely<{ settings: { key: string; value: string } }>): Promise<void> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', 'alerts').executeTakeFirst()
  if (row === undefined) return
  const settings = JSON.parse(row.value) as { kinds?: string[] }
  if (settings.kinds === undefined) return
  const kinds = [...new Set([...settings.kinds, 'warning-sign', 'damage-found'])]
  await db
    .updateTable('settings')
    .set({ value: JSON.stringify({ ...settings, kinds }) })
    .where('key', '=', 'alerts')
    .execute()
}
