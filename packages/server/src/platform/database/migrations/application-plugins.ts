import { type Kysely, sql } from 'kysely'

/** Application plug-ins, those of each client, and what drawn MCALs were drawn for. */
export function applicationPlugins() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('plugins')
        .addColumn('key', 'text', (c) => c.primaryKey().notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('name_key', 'text', (c) => c.notNull().unique())
        .addColumn('monthly_units', 'integer', (c) => c.notNull())
        .execute()
      await db.schema
        .createTable('client_plugins')
        .addColumn('client_id', 'text', (c) => c.notNull())
        .addColumn('plugin', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('client_plugins_key', ['client_id', 'plugin'])
        .execute()
      await sql`create index client_plugins_plugin on client_plugins (plugin)`.execute(db)
      for (const table of ['licence_draws', 'licence_ledger']) {
        await db.schema
          .alterTable(table)
          .addColumn('parts', 'text', (c) => c.notNull().defaultTo('{}'))
          .execute()
        await sql`update ${sql.table(table)} set parts = '{"' || kind || '":' || units || '}'`.execute(db)
      }
      await db.schema
        .createTable('licence_month_parts')
        .addColumn('owner_id', 'text', (c) => c.notNull())
        .addColumn('month', 'text', (c) => c.notNull())
        .addColumn('part', 'text', (c) => c.notNull())
        .addColumn('used', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('licence_month_parts_key', ['owner_id', 'month', 'part'])
        .execute()
      for (const owner of ['customer_id', 'reseller_id', `'server'`]) {
        await sql`
          insert into licence_month_parts (owner_id, month, part, used)
          select ${sql.raw(owner)}, month, kind, sum(units) from licence_ledger group by 1, 2, 3
        `.execute(db)
      }
    },
  }
}
