import { type RawBuilder, sql } from 'kysely'
import { dayOf } from './record-space.ts'

const days = 30

/**
 * What an owner of an account used thirty days ago: as it was noted last before; null where nothing was noted by then.
 * @param owner the column with the owner's ID
 */
export function spaceMonthAgo(owner: string, now: number): RawBuilder<number | null> {
  return sql`(
    select used_bytes from space_days
    where space_days.owner_id = ${sql.ref(owner)} and day <= ${sql.lit(dayOf(now) - days)}
    order by day desc limit 1
  )`
}
