import { createReadStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { migrate } from '../platform/database/migrate.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { BackupManifest } from './backup-manifest.ts'
import { quoted } from './dump-postgres.ts'

/**
 * Fills an empty PostgreSQL database from a backup: the tables as they were when it was written, then all rows in one
 * transaction. The next start brings the tables up to date.
 * @throws {Error} with a sentence for people when the database is not empty
 */
export async function restorePostgres(url: string, folder: string, manifest: BackupManifest): Promise<void> {
  await expectEmpty(url)
  await makeTables(url, manifest.migration)
  const client = new pg.Client({ connectionString: url, application_name: 'granary-restore' })
  await client.connect()
  try {
    await client.query('begin')
    // What the migrations put in is in the backup as well.
    const tables = manifest.tables.map(({ table }) => quoted(table))
    if (tables.length > 0) await client.query(`truncate ${tables.join(', ')}`)
    // What triggers count is in the backup too: counted once more, it would be twice as much.
    for (const table of tables) await client.query(`alter table ${table} disable trigger user`)
    for (const { file, table, columns, rows } of manifest.tables) {
      const into = client.query(
        copyFrom(`copy ${quoted(table)} (${columns.map(quoted).join(', ')}) from stdin`),
      )
      await pipeline(createReadStream(path.join(folder, file)), createZstdDecompress(), into)
      if (into.rowCount !== rows)
        throw new Error(`${file} holds ${into.rowCount} rows and not ${rows}: the backup is damaged.`)
    }
    for (const { table, column, last } of manifest.numbering) {
      if (last === null) continue
      await client.query('select setval(pg_get_serial_sequence($1, $2), $3)', [quoted(table), column, last])
    }
    for (const table of tables) await client.query(`alter table ${table} enable trigger user`)
    await client.query('commit')
  } finally {
    await client.end()
  }
}

async function expectEmpty(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query('select 1 from pg_tables where schemaname = current_schema() limit 1')
    if (rows.length > 0)
      throw new Error(
        'The database of DATABASE_URL is not empty. Make an empty one (createdb) and name it in DATABASE_URL: what is there stays as it is.',
      )
  } finally {
    await client.end()
  }
}

async function makeTables(url: string, migration: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(queries, 'postgres', migration)
  } finally {
    await queries.destroy()
  }
}
