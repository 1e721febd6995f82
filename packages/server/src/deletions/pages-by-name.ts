import { setImmediate as next } from 'node:timers/promises'
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** Says of a table's rows, by its alias, that their type and name lie in a page. */
export type InPage = (alias: string) => RawBuilder<SqlBool>

/** Rows of one page: some 20 ms of a query that looks at each of them. */
const pageRows = 10_000

/**
 * Cuts what a vault has in a table into pages in the order of type and name, so that no query about a million rows keeps
 * the thread, or the database, for a second.
 * @param which of the rows, where not all are meant
 */
export async function* pagesByName(
  queries: Kysely<Schema>,
  table: 'trash' | 'objects',
  vaultNo: number,
  which = sql<SqlBool>`1 = 1`,
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
      .where(which)
      .where(behind(table))
      .orderBy('type')
      .orderBy('name')
      .limit(1)
      .offset(pageRows - 1)
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
