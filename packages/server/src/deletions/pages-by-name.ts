import { setImmediate as next } from 'node:timers/promises'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'

/** Says of a table's rows, by its alias, that their type and name lie in a page. */
export type InPage = (alias: string) => RawBuilder<SqlBool>

/**
 * Rows of a page that is read. On SQLite it keeps the thread for some 20 ms. On PostgreSQL nobody waits for a query, and
 * rows lie in the order of removals, all over the table: going through many at once is better.
 */
const readRows = { sqlite: 10_000, postgres: 1_000_000 } as const

/**
 * Cuts what a vault has in a table into pages in the order of type and name, so that no query about a million rows keeps
 * the thread, or the database, for a second.
 * @param from the table, under the alias `e`
 * @param which.rows that are meant, where not all are
 * @param which.most rows of a page, where a transaction changes them
 */
export async function* pagesByName(
  { kind, queries }: Pick<Database, 'kind' | 'queries'>,
  from: RawBuilder<unknown>,
  vaultNo: number,
  { rows = sql<SqlBool>`1 = 1`, most = readRows[kind] }: { rows?: RawBuilder<SqlBool>; most?: number } = {},
): AsyncGenerator<InPage> {
  let after: Place = { type: -1, name: new Uint8Array(0) }
  for (;;) {
    const { type, name } = after
    const behind: InPage = (alias) => sql<SqlBool>`${place(alias)} > (${type}, ${name})`
    const found = await sql<Place>`select type, name from ${from}
      where e.vault_no = ${vaultNo} and ${rows} and ${behind('e')}
      order by type, name limit 1 offset ${most - 1}`.execute(queries)
    const [last] = found.rows
    if (last === undefined) {
      yield behind
      return
    }
    yield (alias) => sql<SqlBool>`${behind(alias)} and ${place(alias)} <= (${last.type}, ${last.name})`
    after = last
    await next()
  }
}

interface Place {
  readonly type: number
  readonly name: Uint8Array
}

function place(alias: string): RawBuilder<unknown> {
  return sql`(${sql.ref(`${alias}.type`)}, ${sql.ref(`${alias}.name`)})`
}
