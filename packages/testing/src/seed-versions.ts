import type { Database } from '@granary/server'
import { sql } from 'kysely'

/** `objectTypeCode` */
const snapshotType = 3
const snapshotBytes = 400
const apartMs = 4 * 3_600_000

/** Notes snapshots in every client's vault, four hours apart and the newest now, without the bytes. */
export async function seedVersions(
  { kind, queries }: Database,
  versionsEach: number,
  now: number,
): Promise<void> {
  const most = sql.lit(versionsEach)
  const [name, runs] =
    kind === 'sqlite'
      ? [
          sql`randomblob(32)`,
          sql`(with recursive run(n) as (select 1 union all select n + 1 from run where n < ${most}) select n from run) as run`,
        ]
      : [sql`sha256(gen_random_uuid()::text::bytea)`, sql`generate_series(1, ${most}) as run(n)`]
  // In the order of vaults, so that each one's rows are written side by side.
  await sql`
    insert into objects (vault_no, type, name, bytes, stored_at)
    select clients.vault_no, ${sql.lit(snapshotType)}, ${name}, ${sql.lit(snapshotBytes)},
      ${sql.lit(now)} - (${most} - run.n) * ${sql.lit(apartMs)}
    from clients cross join ${runs} order by clients.vault_no
  `.execute(queries)
}
