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
 * @param which.rows that are meant, where not all are
 * @param which.most rows of a page, where a transaction changes them
 */
export async function* pagesByName(
  { kind, queries }: Pick<Database, 'kind' | 'queries'>,
  table: 'trash' | 'objects',
  vaultNo: number,
  { rows = sql<SqlBool>`1 = 1`, most = readRows[kind] }: { rows?: RawBuilder<SqlBool>; most?: number } = {},
): AsyncGenerator<InPage> {
  let after: { type: number; name: Uint8Array } = { type: -1, name: new Uint8Array(0) }
  for (;;) {
    const { type, name } = after
    const behind: InPage = (alias) =>
      sql<SqlBool>`(${sql.ref(`${alias}.type`)}, ${sql.ref(`${alias}.name`)}) > (${type}, ${name})`
    const last = await queries
      .selectFrom(table)
      .select(['type', 'name'])
      .where('vault_no', '=', vaultNo)
      .where(rows)
      .where(behind(table))
      .orderBy('type')
      .orderBy('name')
      .limit(1)
      .offset(most - 1)
      .executeTakeFirst()
    if (last === undefined) {
      yield behind
      return
    }
    yield (alias) =>
      sql<SqlBool>`${behind(alias)}
        and (${sql.ref(`${alias}.type`)}, ${sql.ref(`${alias}.name`)}) <= (${last.type}, ${last.name})`
    after = last
    await next()
  }
}
