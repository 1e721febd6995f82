import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'

export const dayMs = 24 * 3_600_000
/** How far back one can look. */
const keptDays = 400
/** Rows written in one transaction, so that no upload waits long. */
const rowsAtOnce = 2000

export function dayOf(at: number): number {
  return Math.floor(at / dayMs)
}

/**
 * Notes what is used by everybody whose space moved today or yesterday, on the day of its last move: the last note of a
 * day is its end, as of when this last ran in it.
 * @returns how many were noted
 */
export async function recordSpace({
  database,
  clock,
}: {
  database: Database
  clock: Clock
}): Promise<number> {
  const today = dayOf(clock.now())
  const moved = await database.queries
    .selectFrom('space')
    .select('owner_id')
    .where('changed_at', '>=', (today - 1) * dayMs)
    .execute()
  for (let i = 0; i < moved.length; i += rowsAtOnce) {
    const owners = moved.slice(i, i + rowsAtOnce).map((row) => row.owner_id)
    await database.transaction(async (transaction) => {
      await sql`
        insert into space_days (owner_id, day, used_bytes)
        select owner_id, cast(changed_at / ${sql.lit(dayMs)} as integer), used_bytes from space
        where owner_id in (${sql.join(owners)})
        on conflict (owner_id, day) do update set used_bytes = excluded.used_bytes
      `.execute(transaction)
    })
  }
  await database.transaction(async (transaction) => {
    await transaction
      .deleteFrom('space_days')
      .where('day', '<', today - keptDays)
      .execute()
  })
  return moved.length
}
