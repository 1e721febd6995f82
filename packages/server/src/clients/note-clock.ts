import type { Database } from '../platform/database/database.ts'
import type { VaultAccess } from './vault-access.ts'

/** Networks and slow starts make differences; a smaller one is none. */
const noticeableMs = 10 * 60_000
/** A date as far off as this is a broken clock all the same. */
const mostMs = 100 * 365 * 24 * 60 * 60_000

/**
 * Takes note of the time a client says it has. Stock restic never says; what sends HTTP's `Date` does, and reports of an
 * agent go the same way. Written down only when it has changed noticeably, so that it costs nothing otherwise.
 * @param said the value of the header `Date`
 * @returns what to wait for, where there is anything to write
 */
export function noteClock(
  database: Database,
  access: VaultAccess,
  said: string,
  now: number,
): Promise<void> | undefined {
  const at = Date.parse(said)
  if (Number.isNaN(at)) return undefined
  const aheadMs = Math.max(-mostMs, Math.min(mostMs, at - now))
  const known = access.clockAheadMs ?? 0
  if (Math.abs(aheadMs - known) < noticeableMs) return undefined
  return write(database, access, Math.abs(aheadMs) < noticeableMs ? null : aheadMs)
}

async function write({ queries }: Database, access: VaultAccess, aheadMs: number | null): Promise<void> {
  access.clockAheadMs = aheadMs
  await queries.updateTable('clients').set({ clock_ahead_ms: aheadMs }).where('id', '=', access.id).execute()
}
