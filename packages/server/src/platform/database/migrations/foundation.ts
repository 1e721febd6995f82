import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** The first tables: tenants, vaults, the object ledger, access and audit. */
export function foundation(kind: DatabaseKind) {
  const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`
  const numbered = (column: ColumnDefinitionBuilder) =>
    kind === 'postgres'
      ? column.generatedByDefaultAsIdentity().primaryKey()
      : column.primaryKey().autoIncrement()
  const numberType = kind === 'postgres' ? 'bigint' : 'integer'
  const clustered = kind === 'postgres' ? sql`` : sql`without rowid`
  const required = (column: ColumnDefinitionBuilder) => column.notNull()

  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('settings')
        .addColumn('key', 'text', (c) => c.primaryKey().notNull())
        .addColumn('value', 'text', required)
        .execute()
      await db.schema
        .createTable('change_counter')
        .addColumn('id', 'integer', (c) => c.primaryKey())
        .addColumn('value', 'bigint', required)
        .execute()
      await sql`insert into change_counter (id, value) values (1, 1)`.execute(db)

      await db.schema
        .createTable('resellers')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('name', 'text', required)
        .addColumn('name_key', 'text', required)
        .addColumn('is_default', 'integer', required)
        .addColumn('state', 'text', required)
        .addColumn('auto_authorization', 'integer', required)
        .$call(informationColumns)
        .addColumn('created_at', 'bigint', required)
        .addColumn('deleted_at', 'bigint')
        .execute()
      await sql`create unique index resellers_name on resellers (name_key) where deleted_at is null`.execute(
        db,
      )

      await db.schema
        .createTable('customers')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('reseller_id', 'text', (c) => c.notNull().references('resellers.id'))
        .addColumn('name', 'text', required)
        .addColumn('name_key', 'text', required)
        .addColumn('url_key', 'text', (c) => c.notNull().unique())
        .addColumn('is_default', 'integer', required)
        .addColumn('state', 'text', required)
        .addColumn('auto_authorization', 'integer', required)
        .addColumn('pass_key', 'text', required)
        .$call(informationColumns)
        .addColumn('created_at', 'bigint', required)
        .addColumn('deleted_at', 'bigint')
        .execute()
      await sql`create unique index customers_name on customers (name_key) where deleted_at is null`.execute(
        db,
      )
      await sql`create index customers_reseller on customers (reseller_id, name_key)`.execute(db)

      await db.schema
        .createTable('clients')
        .addColumn('id', 'text', (c) => c.notNull().unique())
        .addColumn('vault_no', numberType, numbered)
        .addColumn('client_id', 'text', required)
        .addColumn('client_id_key', 'text', required)
        .addColumn('customer_id', 'text', (c) => c.notNull().references('customers.id'))
        .addColumn('kind', 'text', required)
        .addColumn('state', 'text', required)
        .addColumn('append_only', 'integer', required)
        .addColumn('secret_hash', bytes, required)
        .addColumn('admitted_by', 'text', required)
        .addColumn('last_backup_at', 'bigint')
        .addColumn('created_at', 'bigint', required)
        .addColumn('deleted_at', 'bigint')
        .execute()
      await sql`create unique index clients_client_id on clients (client_id_key) where deleted_at is null`.execute(
        db,
      )
      await sql`create index clients_customer on clients (customer_id, client_id_key) where deleted_at is null`.execute(
        db,
      )
      await db.schema
        .createTable('former_addresses')
        .addColumn('client_id', 'text', (c) => c.notNull().references('clients.id'))
        .addColumn('url_key', 'text', required)
        .addPrimaryKeyConstraint('former_addresses_key', ['client_id', 'url_key'])
        .execute()

      await db.schema
        .createTable('space')
        .addColumn('owner_id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('allotted_bytes', 'bigint')
        .addColumn('used_bytes', 'bigint', required)
        .addColumn('reserved_bytes', 'bigint', required)
        .addColumn('changed_at', 'bigint', required)
        .modifyEnd(clustered)
        .execute()
      await sql`create index space_changed on space (changed_at)`.execute(db)
      await db.schema
        .createTable('licence_use')
        .addColumn('owner_id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('allotted', 'bigint')
        .addColumn('used_till_date', 'bigint', required)
        .addColumn('month', 'text', required)
        .addColumn('used_in_month', 'bigint', required)
        .modifyEnd(clustered)
        .execute()
      await db.schema
        .createTable('licence_draws')
        .addColumn('client_id', 'text', required)
        .addColumn('month', 'text', required)
        .addColumn('units', 'integer', required)
        .addColumn('kind', 'text', required)
        .addColumn('customer_id', 'text', required)
        .addColumn('reseller_id', 'text', required)
        .addColumn('drawn_at', 'bigint', required)
        .addPrimaryKeyConstraint('licence_draws_key', ['client_id', 'month'])
        .modifyEnd(clustered)
        .execute()

      await db.schema
        .createTable('objects')
        .addColumn('vault_no', 'bigint', required)
        .addColumn('type', 'integer', required)
        .addColumn('name', bytes, required)
        .addColumn('bytes', 'bigint', required)
        .addColumn('stored_at', 'bigint', required)
        .addPrimaryKeyConstraint('objects_key', ['vault_no', 'type', 'name'])
        .modifyEnd(clustered)
        .execute()
      await db.schema
        .createTable('trash')
        .addColumn('id', numberType, numbered)
        .addColumn('vault_no', 'bigint', required)
        .addColumn('type', 'integer', required)
        .addColumn('name', bytes, required)
        .addColumn('bytes', 'bigint', required)
        .addColumn('stored_at', 'bigint', required)
        .addColumn('trashed_at', 'bigint', required)
        .addColumn('until', 'bigint', required)
        .execute()
      await sql`create index trash_vault on trash (vault_no, trashed_at)`.execute(db)
      await sql`create index trash_until on trash (until)`.execute(db)
      await db.schema
        .createTable('pending_moves')
        .addColumn('trash_id', 'bigint', (c) => c.primaryKey())
        .addColumn('vault_no', 'bigint', required)
        .addColumn('type', 'integer', required)
        .addColumn('name', bytes, required)
        .execute()
      await db.schema
        .createTable('ledger')
        .addColumn('seq', numberType, numbered)
        .addColumn('at', 'bigint', required)
        .addColumn('vault_no', 'bigint', required)
        .addColumn('change', 'integer', required)
        .addColumn('type', 'integer', required)
        .addColumn('name', bytes, required)
        .addColumn('bytes', 'bigint', required)
        .addColumn('actor', 'text', required)
        .addColumn('address', 'text', required)
        .execute()
      await db.schema
        .createTable('reservations')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('process_id', 'text', required)
        .addColumn('client_id', 'text', required)
        .addColumn('customer_id', 'text', required)
        .addColumn('reseller_id', 'text', required)
        .addColumn('bytes', 'bigint', required)
        .modifyEnd(clustered)
        .execute()
      await db.schema
        .createTable('server_processes')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('lease_until', 'bigint', required)
        .execute()

      await db.schema
        .createTable('users')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('name', 'text', required)
        .addColumn('email', 'text', required)
        .addColumn('password_hash', 'text')
        .addColumn('level', 'text', required)
        .addColumn('role', 'text', required)
        .addColumn('reseller_id', 'text', (c) => c.references('resellers.id'))
        .addColumn('customer_id', 'text', (c) => c.references('customers.id'))
        .addColumn('created_at', 'bigint', required)
        .addColumn('deleted_at', 'bigint')
        .execute()
      await sql`create unique index users_email on users (email) where deleted_at is null`.execute(db)
      await db.schema
        .createTable('api_keys')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('name', 'text', required)
        .addColumn('secret_hash', bytes, required)
        .addColumn('level', 'text', required)
        .addColumn('role', 'text', required)
        .addColumn('reseller_id', 'text', (c) => c.references('resellers.id'))
        .addColumn('customer_id', 'text', (c) => c.references('customers.id'))
        .addColumn('created_at', 'bigint', required)
        .addColumn('created_by', 'text', required)
        .addColumn('expires_at', 'bigint')
        .addColumn('last_used_at', 'bigint')
        .addColumn('revoked_at', 'bigint')
        .execute()
      await sql`create unique index api_keys_secret on api_keys (secret_hash)`.execute(db)
      await db.schema
        .createTable('sessions')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
        .addColumn('token_hash', bytes, (c) => c.notNull().unique())
        .addColumn('created_at', 'bigint', required)
        .addColumn('last_used_at', 'bigint', required)
        .addColumn('expires_at', 'bigint', required)
        .addColumn('address', 'text', required)
        .execute()
      await sql`create index sessions_user on sessions (user_id)`.execute(db)
      await db.schema
        .createTable('setup_links')
        .addColumn('token_hash', bytes, (c) => c.primaryKey().notNull())
        .addColumn('created_at', 'bigint', required)
        .addColumn('expires_at', 'bigint', required)
        .execute()
      await db.schema
        .createTable('sign_in_failures')
        .addColumn('subject', 'text', (c) => c.primaryKey().notNull())
        .addColumn('failures', 'integer', required)
        .addColumn('window_ends_at', 'bigint', required)
        .execute()
      await db.schema
        .createTable('audit_log')
        .addColumn('seq', numberType, numbered)
        .addColumn('at', 'bigint', required)
        .addColumn('event', 'text', required)
        .addColumn('actor', 'text', required)
        .addColumn('actor_name', 'text', required)
        .addColumn('address', 'text', required)
        .addColumn('reseller_id', 'text')
        .addColumn('customer_id', 'text')
        .addColumn('target_id', 'text')
        .addColumn('target_name', 'text', required)
        .addColumn('details', 'text', required)
        .addColumn('previous_hash', bytes, required)
        .addColumn('hash', bytes, required)
        .execute()
      await db.schema
        .createTable('audit_head')
        .addColumn('id', 'integer', (c) => c.primaryKey())
        .addColumn('entries', 'bigint', required)
        .addColumn('hash', bytes, required)
        .execute()
      await sql`insert into audit_head (id, entries, hash) values (1, 0, ${Buffer.alloc(32)})`.execute(db)
    },
  }
}

function informationColumns<T extends { addColumn(name: string, type: 'text', build: typeof emptyText): T }>(
  table: T,
): T {
  let built = table
  for (const column of ['email', 'address', 'city', 'country', 'phone', 'tax_number', 'notes']) {
    built = built.addColumn(column, 'text', emptyText)
  }
  return built
}

function emptyText(column: ColumnDefinitionBuilder) {
  return column.notNull().defaultTo('')
}
