import type { List, TrashedVersion, TrashedVersionQuery } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema } from '../platform/database/schema.ts'
import { nameText } from '../vaults/vaults.ts'

/** `objectTypeCode('snapshots')` */
const snapshotType = 3

const sortValues: Record<string, SortValue> = {
  trashedAt: { by: sql<string | number>`trash.trashed_at`, holds: 'number' },
}
const rowId = sql`cast(trash.id as text)`

/** The snapshots of a vault that lie in the trash. */
export async function trashedVersions(
  queries: Kysely<Schema>,
  vaultNo: number,
  query: TrashedVersionQuery,
): Promise<List<TrashedVersion>> {
  const pages = keyset({ ...query, vaultNo }, sortValues, rowId)
  let versions = queries
    .selectFrom('trash')
    .where('trash.vault_no', '=', vaultNo)
    .where('trash.type', '=', snapshotType)
  if (query.search) {
    const [from, to] = nameRange(query.search)
    versions = versions.where('trash.name', '>=', from).where('trash.name', '<=', to)
  }
  const { total } = await versions
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  let rows = versions
    .select(['trash.name', 'trash.bytes', 'trash.stored_at', 'trash.trashed_at', 'trash.until'])
    .select([sql<string>`${rowId}`.as('id'), pages.sortValue.as('sort_value')])
  if (pages.behind) rows = rows.where(pages.behind)
  const found = await rows
    .orderBy('sort_value', pages.direction)
    .orderBy('id', pages.direction)
    .limit(query.limit + 1)
    .execute()
  const page = pages.page(found)
  const items = page.rows.map((row) => ({
    version: nameText(row.name),
    storedAt: row.stored_at,
    trashedAt: row.trashed_at,
    until: row.until,
    bytes: row.bytes,
  }))
  return { items, nextCursor: page.nextCursor, total }
}

/** Names that begin with these digits; nothing when they are no digits of a hash. */
function nameRange(search: string): [Buffer, Buffer] {
  const digits = search.trim().toLowerCase()
  if (!/^[0-9a-f]{1,64}$/.test(digits)) return [Buffer.from([1]), Buffer.from([0])]
  return [Buffer.from(digits.padEnd(64, '0'), 'hex'), Buffer.from(digits.padEnd(64, 'f'), 'hex')]
}
