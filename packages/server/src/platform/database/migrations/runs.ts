import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** `objectTypeCode` */
const [lockType, snapshotType] = [2, 3]

/**
 * What each version's run brought is noted when the version arrives: to read it out of the objects, all those of the vault
 * had to be looked at. For versions of before it is reckoned from what is still stored.
 */
export function runs(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('runs')
        .addColumn('vault_no', 'bigint', (c) => c.notNull())
        .addColumn('name', kind === 'postgres' ? sql`bytea` : sql`blob`, (c) => c.notNull())
        .addColumn('started_at', 'bigint', (c) => c.notNull())
        .addColumn('objects', 'bigint', (c) => c.notNull())
        .addColumn('bytes', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('runs_key', ['vault_no', 'name'])
        .modifyEnd(kind === 'sqlite' ? sql`without rowid` : sql``)
        .execute()
      for (const column of ['run_objects', 'run_bytes'])
        await db.schema
          .alterTable('space')
          .addColumn(column, 'bigint', (c) => c.notNull().defaultTo(0))
          .execute()
      await db.schema.alterTable('space').addColumn('run_began_at', 'bigint').execute()

      // Runs of a vault are numbered by the versions before; an object that came with a version belongs to its run.
      const numbered = sql`(
        select vault_no, type, name, bytes, stored_at, (
          coalesce(sum(case when type = ${sql.lit(snapshotType)} then 1 else 0 end) over (
            partition by vault_no order by stored_at range between unbounded preceding and current row), 0)
          - coalesce(sum(case when type = ${sql.lit(snapshotType)} then 1 else 0 end) over (
            partition by vault_no, stored_at), 0)) as run
        from objects where type <> ${sql.lit(lockType)}) as numbered`
      await sql`
        insert into runs (vault_no, name, started_at, objects, bytes)
        select r.vault_no, s.name, r.started_at, r.objects, r.bytes from (
          select vault_no, run, min(stored_at) as started_at, count(*) as objects, sum(bytes) as bytes,
            min(case when type = ${sql.lit(snapshotType)} then stored_at end) as received_at
          from ${numbered} group by vault_no, run) as r
        join objects as s on s.vault_no = r.vault_no and s.type = ${sql.lit(snapshotType)} and s.stored_at = r.received_at
      `.execute(db)
      await sql`
        update space set run_objects = open.objects, run_bytes = open.bytes, run_began_at = open.began_at from (
          select c.id, count(*) as objects, sum(o.bytes) as bytes, min(o.stored_at) as began_at
          from objects as o join clients as c on c.vault_no = o.vault_no
          left join (select vault_no, max(stored_at) as received_at from objects
            where type = ${sql.lit(snapshotType)} group by vault_no) as latest on latest.vault_no = o.vault_no
          where o.type <> ${sql.lit(lockType)} and o.stored_at > coalesce(latest.received_at, 0)
          group by c.id) as open
        where open.id = space.owner_id
      `.execute(db)
    },
  }
}
