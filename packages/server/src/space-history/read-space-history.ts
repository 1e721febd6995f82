import type { SpaceHistory } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { dayMs, dayOf } from './record-space.ts'

/**
 * Used space of an owner over the last days: what it was as they began, at the end of each day on which it moved, and
 * now.
 */
export async function readSpaceHistory(
  queries: Kysely<Schema>,
  owner: { readonly id: string; readonly usedBytes: number },
  days: number,
  now: number,
): Promise<SpaceHistory> {
  const first = dayOf(now) - days + 1
  const noted = queries
    .selectFrom('space_days')
    .select(['day', 'used_bytes'])
    .where('owner_id', '=', owner.id)
  const before = await noted.where('day', '<', first).orderBy('day', 'desc').limit(1).execute()
  const since = await noted.where('day', '>=', first).orderBy('day').execute()
  const points = [
    ...before.map((row) => ({ at: first * dayMs, usedBytes: row.used_bytes })),
    ...since
      .filter((row) => row.day < dayOf(now))
      .map((row) => ({ at: (row.day + 1) * dayMs - 1, usedBytes: row.used_bytes })),
  ]
  return { points: [...points, { at: now, usedBytes: owner.usedBytes }] }
}
