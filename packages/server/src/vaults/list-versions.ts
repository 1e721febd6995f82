import type { List, Version, VersionListQuery } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../platform/database/database.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema } from '../platform/database/schema.ts'
import { nameInQuery, objectTypeCode } from './object-names.ts'

const sortValues: Record<string, SortValue> = {
  receivedAt: { by: sql<string | number>`objects.stored_at`, holds: 'number' },
}

/**
 * The snapshots in a vault, each with the run that brought it: a run is what was received since the snapshot before.
 */
export async function pageOfVersions(
  { kind, queries }: { kind: DatabaseKind; queries: Kysely<Schema> },
  vaultNo: number,
  query: VersionListQuery,
): Promise<List<Version>> {
  const name = nameInQuery(kind, 'objects.name')
  const snapshots = queries
    .selectFrom('objects')
    .where('vault_no', '=', vaultNo)
    .where('type', '=', objectTypeCode('snapshots'))
  const listed = query.search ? snapshots.where(contains(name, query.search.toLowerCase())) : snapshots
  const pages = keyset({ ...query, vaultNo }, sortValues, name)
  let rows = listed.select([name.as('id'), 'objects.stored_at as sort_value'])
  if (pages.behind) rows = rows.where(pages.behind)
  const found = await rows
    .orderBy('sort_value', pages.direction)
    .orderBy(name, pages.direction)
    .limit(query.limit + 1)
    .execute()
  const times = await snapshots.select('stored_at').orderBy('stored_at').execute()
  const page = pages.page(found)
  const snapshotTimes = times.map((row) => row.stored_at)
  const shownTimes = page.rows.map((row) => Number(row.sort_value))
  const runs = await runsOf(queries, vaultNo, snapshotTimes, shownTimes)
  const items = page.rows.map((row) => {
    const receivedAt = Number(row.sort_value)
    const run = runs.get(receivedAt)
    return {
      id: row.id,
      receivedAt,
      startedAt: run?.startedAt ?? receivedAt,
      addedObjects: run?.objects ?? 0,
      addedBytes: run?.bytes ?? 0,
    }
  })
  const { total } = await listed
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { items, nextCursor: page.nextCursor, total }
}

interface Run {
  startedAt: number
  objects: number
  bytes: number
}

/** What was received up to each snapshot shown since the one before, of what is still stored. Locks are no part of it. */
async function runsOf(
  queries: Kysely<Schema>,
  vaultNo: number,
  snapshotTimes: readonly number[],
  shownTimes: readonly number[],
): Promise<ReadonlyMap<number, Run>> {
  if (shownTimes.length === 0) return new Map()
  const oldest = Math.min(...shownTimes)
  const since = snapshotTimes.findLast((time) => time < oldest) ?? 0
  // By the second: a vault of a terabyte has tens of thousands of objects, and far fewer seconds.
  const seconds = await queries
    .selectFrom('objects')
    .select((eb) => [
      eb.fn.min<number>('stored_at').as('first'),
      eb.fn.max<number>('stored_at').as('last'),
      eb.fn.countAll<number>().as('objects'),
      eb.fn.sum<number>('bytes').as('bytes'),
    ])
    .where('vault_no', '=', vaultNo)
    .where('type', '<>', objectTypeCode('locks'))
    .where('stored_at', '>', since)
    .where('stored_at', '<=', Math.max(...shownTimes))
    .groupBy(sql`stored_at / 1000`)
    .orderBy('first')
    .execute()
  const runs = new Map<number, Run>()
  let at = snapshotTimes.findIndex((time) => time > since)
  for (const second of seconds) {
    while (at < snapshotTimes.length && (snapshotTimes[at] ?? 0) < second.last) at += 1
    const receivedAt = snapshotTimes[at]
    if (receivedAt === undefined) break
    const run = runs.get(receivedAt)
    if (run === undefined)
      runs.set(receivedAt, { startedAt: second.first, objects: second.objects, bytes: second.bytes })
    else {
      run.objects += second.objects
      run.bytes += second.bytes
    }
  }
  return runs
}
