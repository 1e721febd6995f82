import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** The record of drawn and allotted MCALs, sums by month, and trial clients. */
export function licencesAndTrials(kind: DatabaseKind) {
  const numbered = (column: ColumnDefinitionBuilder) =>
    kind === 'postgres'
      ? column.generatedByDefaultAsIdentity().primaryKey()
      : column.primaryKey().autoIncrement()
  const numberType = kind === 'postgres' ? 'bigint' : 'integer'
  const required = (column: ColumnDefinitionBuilder) => column.notNull()

  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('licence_ledger')
        .addColumn('seq', numberType, numbered)
        .addColumn('at', 'bigint', required)
        .addColumn('month', 'text', required)
        .addColumn('client_id', 'text', required)
        .addColumn('customer_id', 'text', required)
        .addColumn('reseller_id', 'text', required)
        .addColumn('kind', 'text', required)
        .addColumn('units', 'integer', required)
        .addColumn('reason', 'text', required)
        .addColumn('pool_left', 'bigint')
        .addColumn('reseller_left', 'bigint')
        .addColumn('customer_left', 'bigint')
        .execute()
      await sql`create index licence_ledger_customer on licence_ledger (customer_id, seq)`.execute(db)
      await sql`create index licence_ledger_reseller on licence_ledger (reseller_id, seq)`.execute(db)
      await sql`create index licence_ledger_client on licence_ledger (client_id, seq)`.execute(db)
      await db.schema
        .createTable('licence_months')
        .addColumn('owner_id', 'text', required)
        .addColumn('month', 'text', required)
        .addColumn('used', 'bigint', required)
        .addPrimaryKeyConstraint('licence_months_key', ['owner_id', 'month'])
        .execute()
      await db.schema
        .createTable('licence_allotments')
        .addColumn('seq', numberType, numbered)
        .addColumn('at', 'bigint', required)
        .addColumn('month', 'text', required)
        .addColumn('owner_id', 'text', required)
        .addColumn('left_before', 'bigint')
        .addColumn('left_after', 'bigint')
        .addColumn('note', 'text', required)
        .addColumn('actor_name', 'text', required)
        .execute()
      await sql`create index licence_allotments_owner on licence_allotments (owner_id, seq)`.execute(db)
      await sql`
        insert into licence_ledger (at, month, client_id, customer_id, reseller_id, kind, units, reason)
        select drawn_at, month, client_id, customer_id, reseller_id, kind, units, 'first-backup'
        from licence_draws order by drawn_at
      `.execute(db)
      for (const owner of ['customer_id', 'reseller_id', `'server'`]) {
        await sql`
          insert into licence_months (owner_id, month, used)
          select ${sql.raw(owner)}, month, sum(units) from licence_draws group by 1, 2
        `.execute(db)
      }

      await db.schema.alterTable('clients').addColumn('trial_ends_at', 'bigint').execute()
      await sql`create index clients_trial on clients (trial_ends_at) where trial_ends_at is not null`.execute(
        db,
      )
      await db.schema.alterTable('customers').addColumn('trial_days', 'integer').execute()
      await db.schema.alterTable('customers').addColumn('trial_keep_days', 'integer').execute()
      await db.schema
        .alterTable('customers')
        .addColumn('trial_for_new', 'integer', (c) => c.notNull().defaultTo(0))
        .execute()
    },
  }
}
