import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** The trash grown up: who removed what, what it can be brought back by, and how far that has come. */
export function trashAndUndelete(kind: DatabaseKind) {
  const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`
  const required = (column: ColumnDefinitionBuilder) => column.notNull()
  const zero = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0)
  const emptyText = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo('')

  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('space').addColumn('trash_bytes', 'bigint', zero).execute()
      await db.schema.alterTable('objects').addColumn('verified_at', 'bigint').execute()

      await db.schema.alterTable('trash').addColumn('actor', 'text', emptyText).execute()
      await db.schema.alterTable('trash').addColumn('address', 'text', emptyText).execute()
      await db.schema.alterTable('trash').addColumn('deletion_id', 'text').execute()
      await db.schema.dropIndex('trash_vault').execute()
      await sql`create index trash_ungrouped on trash (vault_no, id) where deletion_id is null`.execute(db)

      await db.schema.alterTable('pending_moves').addColumn('direction', 'integer', zero).execute()
      await sql`create index pending_moves_object on pending_moves (vault_no, type, name)`.execute(db)

      for (const tenants of ['resellers', 'customers', 'clients']) {
        await db.schema.alterTable(tenants).addColumn('deletion_id', 'text').execute()
      }
      await db.schema.alterTable('clients').addColumn('purged_at', 'bigint').execute()
      await db.schema.alterTable('clients').addColumn('trash_purged_to', 'bigint', zero).execute()
      await sql`create index clients_deletion on clients (deletion_id) where deletion_id is not null`.execute(
        db,
      )
      await sql`create index customers_deletion on customers (deletion_id) where deletion_id is not null`.execute(
        db,
      )

      await db.schema
        .createTable('deletions')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('kind', 'text', required)
        .addColumn('contents', 'text')
        .addColumn('name', 'text', required)
        .addColumn('parent_path', 'text', required)
        .addColumn('target_id', 'text', required)
        .addColumn('vault_no', 'bigint')
        .addColumn('reseller_id', 'text', required)
        .addColumn('customer_id', 'text')
        .addColumn('client_id', 'text')
        .addColumn('customers', 'bigint', zero)
        .addColumn('clients', 'bigint', zero)
        .addColumn('versions', 'bigint', zero)
        .addColumn('objects', 'bigint', zero)
        .addColumn('bytes', 'bigint', zero)
        .addColumn('restored_objects', 'bigint', zero)
        .addColumn('restored_bytes', 'bigint', zero)
        .addColumn('purged_objects', 'bigint', zero)
        .addColumn('purged_bytes', 'bigint', zero)
        .addColumn('actor', 'text', required)
        .addColumn('actor_name', 'text', required)
        .addColumn('address', 'text', required)
        .addColumn('asked_at', 'bigint', required)
        .addColumn('done_at', 'bigint')
        .addColumn('state', 'text', required)
        .addColumn('reason', 'text', emptyText)
        .addColumn('until', 'bigint')
        .execute()
      await sql`create index deletions_asked on deletions (asked_at, id)`.execute(db)
      await sql`create index deletions_customer on deletions (customer_id, asked_at, id)`.execute(db)
      await sql`create index deletions_vault on deletions (vault_no, done_at)`.execute(db)
      await sql`create index deletions_until on deletions (until) where state in ('in-trash', 'partly')`.execute(
        db,
      )
      await db.schema
        .createTable('deletion_moves')
        .addColumn('deletion_id', 'text', required)
        .addColumn('child_id', 'text', required)
        .addPrimaryKeyConstraint('deletion_moves_key', ['deletion_id', 'child_id'])
        .execute()

      await db.schema
        .createTable('undeletions')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('kind', 'text', required)
        .addColumn('deletion_id', 'text')
        .addColumn('name', 'text', required)
        .addColumn('vault_no', 'bigint')
        .addColumn('reseller_id', 'text', required)
        .addColumn('customer_id', 'text')
        .addColumn('client_id', 'text')
        .addColumn('moment', 'bigint')
        .addColumn('added', 'text', required)
        .addColumn('version', bytes)
        .addColumn('actor', 'text', required)
        .addColumn('actor_name', 'text', required)
        .addColumn('address', 'text', required)
        .addColumn('asked_at', 'bigint', required)
        .addColumn('step', 'text', required)
        .addColumn('at_type', 'integer')
        .addColumn('after_name', bytes)
        .addColumn('removal_id', 'text')
        .addColumn('held_bytes', 'bigint', zero)
        .addColumn('objects', 'bigint', zero)
        .addColumn('bytes', 'bigint', zero)
        .addColumn('restored_objects', 'bigint', zero)
        .addColumn('restored_bytes', 'bigint', zero)
        .addColumn('removed_objects', 'bigint', zero)
        .addColumn('removed_bytes', 'bigint', zero)
        .addColumn('verified_objects', 'bigint', zero)
        .addColumn('damaged_objects', 'bigint', zero)
        .addColumn('finished_at', 'bigint')
        .execute()
      // One at a time in a vault: two at once would take each other's entries.
      await sql`create unique index undeletions_running on undeletions (vault_no) where finished_at is null`.execute(
        db,
      )
      await sql`create index undeletions_asked on undeletions (asked_at, id)`.execute(db)

      await db.schema
        .createTable('damaged_objects')
        .addColumn('vault_no', 'bigint', required)
        .addColumn('type', 'integer', required)
        .addColumn('name', bytes, required)
        .addColumn('damage', 'text', required)
        .addColumn('found_at', 'bigint', required)
        .addColumn('healed_at', 'bigint')
        .addColumn('healed_from', 'text')
        .addPrimaryKeyConstraint('damaged_objects_key', ['vault_no', 'type', 'name'])
        .execute()

      await db.schema
        .createTable('protection')
        .addColumn('owner_id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('undelete_days', 'integer')
        .addColumn('most_undelete_days', 'integer')
        .addColumn('minimum_keep_days', 'integer')
        .addColumn('trash_counts', 'integer')
        .addColumn('two_person_purge', 'integer')
        .execute()
    },
  }
}
