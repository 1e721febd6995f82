import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** How the server and resellers show themselves: names, colours, host names, senders of mail; and logos. */
export function brands(kind: DatabaseKind) {
  const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('brands')
        .addColumn('owner_id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('product_name', 'text')
        .addColumn('accent', 'text')
        .addColumn('host_name', 'text')
        .addColumn('former_host_name', 'text')
        .addColumn('sender_name', 'text')
        .addColumn('reply_to', 'text')
        .addColumn('from_address', 'text')
        .execute()
      await sql`create unique index brands_host_name on brands (host_name)`.execute(db)
      await db.schema
        .createTable('brand_logos')
        .addColumn('owner_id', 'text', (c) => c.notNull())
        .addColumn('scheme', 'text', (c) => c.notNull())
        .addColumn('hash', 'text', (c) => c.notNull())
        .addColumn('content_type', 'text', (c) => c.notNull())
        .addColumn('width', 'integer', (c) => c.notNull())
        .addColumn('height', 'integer', (c) => c.notNull())
        .addColumn('content', bytes, (c) => c.notNull())
        .addPrimaryKeyConstraint('brand_logos_key', ['owner_id', 'scheme'])
        .execute()
      await sql`create index brand_logos_hash on brand_logos (hash)`.execute(db)
    },
  }
}
