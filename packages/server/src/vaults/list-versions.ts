import type { List, Version, VersionListQuery } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../platform/database/database.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema } from '../platform/database/schema.ts'
import { nameInQuery, objectTypeCode } from './object-names.ts'

const sortValues: Record<string, SortValue> = {
  receivedAt: { by: sql<string | number>`objects.stored_at`, holds: 'number' },
}

/** The snapshots in a vault, each with the run that brought it: what was received since the snapshot before. */
export async function pageOfVersions(
  { kind, queries }: { kind: DatabaseKind; queries: Kysely<Schema> },
  vaultNo: number,
  query: VersionListQuery,
): Promise<List<Version>> {
  const name = nameInQuery(kind, 'objects.name')
  const snapshots = queries
    .selectFrom('objects')
    .where('objects.vault_no', '=', vaultNo)
    .where('objects.type', '=', objectTypeCode('snapshots'))
  const listed = query.search ? snapshots.where(contains(name, query.search.toLowerCase())) : snapshots
  const pages = keyset({ ...query, vaultNo }, sortValues, name)
  let rows = listed
    .leftJoin('runs', (join) =>
      join.onRef('runs.vault_no', '=', 'objects.vault_no').onRef('runs.name', '=', 'objects.name'),
    )
    .select([name.as('id'), 'objects.stored_at as sort_value'])
    .select(['runs.started_at', 'runs.objects', 'runs.bytes'])
  if (pages.behind) rows = rows.where(pages.behind)
  const found = await rows
    .orderBy('sort_value', pages.direction)
    .orderBy(name, pages.direction)
    .limit(query.limit + 1)
    .execute()
  const page = pages.page(found)
  const items = page.rows.map(({ id, sort_value, started_at, objects, bytes }) => ({
    id,
    receivedAt: Number(sort_value),
    startedAt: started_at ?? Number(sort_value),
    addedObjects: objects ?? 0,
    addedBytes: bytes ?? 0,
  }))
  const { total } = await listed
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { items, nextCursor: page.nextCursor, total }
}
