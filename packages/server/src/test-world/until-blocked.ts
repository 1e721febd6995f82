import assert from 'node:assert/strict'
import { within } from '@granary/testing'
import { sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'

/**
 * Waits until so many connections to a PostgreSQL wait for rows that somebody holds. Rows that were locked (`forUpdate`) are
 * handed on in the order in which they are waited for; for rows that were changed those who waited race.
 */
export async function untilBlocked({ queries }: Database, connections = 1): Promise<void> {
  await within(10_000, async () => {
    const { rows } = await sql<{ waiting: number }>`
      select count(*) as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
    `.execute(queries)
    assert.ok((rows[0]?.waiting ?? 0) >= connections, 'nobody waits')
  })
}
