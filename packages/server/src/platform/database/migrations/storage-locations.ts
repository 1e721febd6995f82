import type { Kysely } from 'kysely'

/** The folders that vaults lie in, and which of them new ones are made in. */
export function storageLocations() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('storage_locations')
        .addColumn('name', 'text', (c) => c.primaryKey().notNull())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('folder', 'text', (c) => c.notNull())
        .addColumn('added_at', 'bigint', (c) => c.notNull())
        .execute()
      for (const table of ['resellers', 'customers'])
        await db.schema.alterTable(table).addColumn('storage_location', 'text').execute()
      await db.schema
        .alterTable('clients')
        .addColumn('storage_location', 'text', (c) => c.notNull().defaultTo('default'))
        .execute()
    },
  }
}
