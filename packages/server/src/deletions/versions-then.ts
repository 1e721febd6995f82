import type { PutBackPreview } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { nameText, objectTypeCode } from '../vaults/vaults.ts'

const shownVersions = 20

/** The snapshots that a vault held at a moment, whether they are still stored or lie in the trash. */
export async function versionsThen(
  queries: Kysely<Schema>,
  vaultNo: number,
  moment: number,
): Promise<PutBackPreview['versionsThen']> {
  const type = objectTypeCode('snapshots')
  const living = sql`select name, stored_at, 0 as in_trash from objects
    where vault_no = ${vaultNo} and type = ${type} and stored_at <= ${moment}`
  const gone = sql`select name, stored_at, 1 as in_trash from trash
    where vault_no = ${vaultNo} and type = ${type} and stored_at <= ${moment} and trashed_at > ${moment}`
  // One that was removed and stored again stands in both: the same bytes, so it is there.
  const each = sql`select name, max(stored_at) as stored_at, min(in_trash) as in_trash
    from (${living} union all ${gone}) as v group by name`
  const { rows } = await sql<{ name: Uint8Array; stored_at: number; in_trash: number; total: number }>`
    select name, stored_at, in_trash, count(*) over () as total from (${each}) as n
    order by stored_at desc, name limit ${sql.lit(shownVersions)}
  `.execute(queries)
  return {
    total: rows[0]?.total ?? 0,
    newest: rows.map((row) => ({
      version: nameText(row.name),
      storedAt: row.stored_at,
      inTrash: row.in_trash === 1,
    })),
  }
}
