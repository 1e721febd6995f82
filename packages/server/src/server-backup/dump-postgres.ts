import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { BackupManifest } from './backup-manifest.ts'

type Dump = Pick<BackupManifest, 'migration' | 'tables' | 'numbering'>

interface Table {
  readonly name: string
  readonly columns: string[]
}

/** Tables in which Kysely notes the migrations; a restore makes them anew. */
const isMigrationTable = (table: string) => table.startsWith('kysely_migration')

/**
 * Writes every table of a PostgreSQL database into a folder, a file each, as they all were at one instant. The server goes
 * on meanwhile: a snapshot keeps no writer out. Needs none of PostgreSQL's own programs.
 */
export async function dumpPostgres(url: string, folder: string): Promise<Dump> {
  const client = new pg.Client({ connectionString: url, application_name: 'granary-backup' })
  await client.connect()
  try {
    await client.query('begin transaction isolation level repeatable read, read only')
    const tables = []
    for (const table of inOrderOfReferences(await tablesOf(client), await referencesOf(client))) {
      const file = `${table.name}.copy.zst`
      const select = `select ${table.columns.map(quoted).join(', ')} from ${quoted(table.name)}`
      const rows = client.query(copyTo(`copy (${select}) to stdout`))
      await pipeline(rows, createZstdCompress(), createWriteStream(path.join(folder, file), { mode: 0o600 }))
      tables.push({ file, table: table.name, columns: table.columns, rows: rows.rowCount })
    }
    const migration = await client.query('select name from kysely_migration order by name desc limit 1')
    const dump = { migration: migration.rows[0]?.name, tables, numbering: await numberingOf(client) }
    await client.query('commit')
    return dump
  } finally {
    await client.end()
  }
}

export function quoted(name: string): string {
  return pg.escapeIdentifier(name)
}

async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query(`
    select table_name as name, array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE' and is_generated = 'NEVER'
    group by table_name order by table_name
  `)
  return rows.filter(({ name }) => !isMigrationTable(name))
}

async function referencesOf(client: pg.Client): Promise<{ from: string; to: string }[]> {
  const { rows } = await client.query(`
    select a.relname as from, b.relname as to
    from pg_constraint as c join pg_class as a on a.oid = c.conrelid join pg_class as b on b.oid = c.confrelid
    where c.contype = 'f' and c.connamespace = current_schema()::regnamespace
  `)
  return rows
}

/** Each table behind those that its rows refer to. */
function inOrderOfReferences(
  tables: readonly Table[],
  references: readonly { from: string; to: string }[],
): Table[] {
  const ordered: Table[] = []
  const visit = (table: Table | undefined, above: readonly string[]) => {
    if (table === undefined || ordered.includes(table) || above.includes(table.name)) return
    for (const { from, to } of references) {
      if (from === table.name)
        visit(
          tables.find(({ name }) => name === to),
          [...above, table.name],
        )
    }
    ordered.push(table)
  }
  for (const table of tables) visit(table, [])
  return ordered
}

async function numberingOf(client: pg.Client): Promise<BackupManifest['numbering']> {
  const { rows } = await client.query(`
    select a.relname as table, t.attname as column, q.last_value::float8 as last
    from pg_class as s join pg_depend as d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_class as a on a.oid = d.refobjid join pg_attribute as t on t.attrelid = a.oid and t.attnum = d.refobjsubid
    join pg_sequences as q on q.schemaname = s.relnamespace::regnamespace::text and q.sequencename = s.relname
    where s.relkind = 'S' and s.relnamespace = current_schema()::regnamespace order by 1, 2
  `)
  return rows
}
