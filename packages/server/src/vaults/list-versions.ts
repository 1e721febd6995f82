import type { List, Version, VersionListQuery } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../platform/database/database.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema } from '../platform/database/schema.ts'
import { nameInQuery, nameText, objectTypeCode } from './object-names.ts'

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
    // Not a parameter: SQLite would not see that the index of versions fits.
    .where('objects.type', '=', sql.lit(objectTypeCode('snapshots')))
  const listed = query.search ? snapshots.where(contains(name, query.search.toLowerCase())) : snapshots
  const pages = keyset({ ...query, vaultNo }, sortValues, name)
  let ids = listed.select([name.as('id'), 'objects.name', 'objects.stored_at as sort_value'])
  if (pages.behind) ids = ids.where(pages.behind)
  const found = await ids
    .orderBy('sort_value', pages.direction)
    .orderBy(name, pages.direction)
    .limit(query.limit + 1)
    .execute()
  const page = pages.page(found)
  // Looked up for what is shown only: of how many versions a vault has, PostgreSQL may think far too much.
  const runs = await queries
    .selectFrom('runs')
    .select(['name', 'started_at', 'objects', 'bytes'])
    .where('vault_no', '=', vaultNo)
    .where('name', 'in', page.rows.map((row) => row.name).concat(Buffer.alloc(0)))
    .execute()
  const runOf = new Map(runs.map((run) => [nameText(run.name), run]))
  const items = page.rows.map(({ id, sort_value }) => {
    const run = runOf.get(id)
    return {
      id,
      receivedAt: Number(sort_value),
      startedAt: run?.started_at ?? Number(sort_value),
      addedObjects: run?.objects ?? 0,
      addedBytes: run?.bytes ?? 0,
    }
  })
  const { total } = await listed
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { items, nextCursor: page.nextCursor, total }
}
