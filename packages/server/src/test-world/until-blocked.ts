import assert from 'node:assert/strict'
import { within } from '@granary/testing'
import { sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { TestPlace } from './on-each-database.ts'

/** Waits until so many connections to a PostgreSQL wait for rows that somebody holds. */
export async function untilBlocked({ queries }: Database, connections = 1): Promise<void> {
  await within(10_000, async () => {
    const { rows } = await sql<{ waiting: number }>`
      select count(*) as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
    `.execute(queries)
    assert.ok((rows[0]?.waiting ?? 0) >= connections, 'nobody waits')
  })
}

/**
 * Begins two things that wait for a row of a PostgreSQL, and lets them go on in the order in which they came: a row that was
 * locked is handed on so, while those who wait for one that was changed race for it.
 * @param row its table, a column, and what identifies it there
 */
export async function oneAfterTheOther<First, Second>(
  place: Pick<TestPlace, 'database' | 'openAnother'>,
  row: readonly [table: 'clients' | 'customers' | 'space', column: string, is: string | number],
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  const [table, column, is] = row
  const holder = await place.openAnother()
  const begun = await holder.transaction(async (transaction) => {
    await sql`select 1 from ${sql.table(table)} where ${sql.ref(column)} = ${is} for update`.execute(
      transaction,
    )
    const one = first()
    await untilBlocked(place.database, 1)
    const other = second()
    await untilBlocked(place.database, 2)
    return [one, other] as const
  })
  return Promise.all(begun)
}
