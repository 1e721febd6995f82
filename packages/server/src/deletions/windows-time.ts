import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { Log } from '../platform/log.ts'
import { readSetting, writeSetting } from '../platform/settings-store.ts'

const key = 'undelete-windows-time'
const hour = 60 * 60_000
/** How far one purge may be ahead of the one before. They come every ten minutes: six times as fast as time passes. */
const longestStepMs = hour
/** A server that was off for a night need not be told of. */
const toldFromMs = 24 * hour

/**
 * The time by which undelete windows end. It follows the server's clock, but in steps: a clock that jumps ahead would end
 * all windows at once, and what is purged never comes back. Six times as fast as time passes is fast enough to catch up
 * after a server was off, and slow enough for somebody to see that its clock is wrong. One that is put back is followed
 * at once.
 */
export async function windowsTime({
  database,
  clock,
  log,
}: {
  database: Database
  clock: Clock
  log: Log
}): Promise<number> {
  const now = clock.now()
  const before = await readSetting(database.queries, key)
  const time = typeof before === 'number' ? Math.min(now, before + longestStepMs) : now
  await noteWindowsTime(database.queries, time)
  const behindHours = Math.round((now - time) / hour)
  if (now - time > toldFromMs)
    log.warn(
      { behindHours },
      'The clock is far ahead of when the trash was last purged: undelete windows end later, in case it is wrong',
    )
  return time
}

/** Windows go on from this time. */
export function noteWindowsTime(queries: Kysely<Schema>, time: number): Promise<void> {
  return writeSetting(queries, key, time)
}
