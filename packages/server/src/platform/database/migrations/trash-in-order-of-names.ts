import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/**
 * The trash, and the moves that files have yet to make, lie in the order in which an undeletion goes through them. Where
 * rows lay in the order of removals, each batch touched pages all over the table: a million objects took ten times as
 * long. Numbers of entries come from the server now, and tell apart entries of one name.
 */
export function trashInOrderOfNames(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      if (kind === 'sqlite') await rebuild(db)
      else await reorder(db)
      await sql`create index pending_moves_away on pending_moves (vault_no) where direction = 2`.execute(db)
    },
  }
}

/** On SQLite the primary key is the order of the table. */
async function rebuild(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table trash_by_name (
      vault_no bigint not null, type integer not null, name blob not null, id bigint not null, bytes bigint not null,
      stored_at bigint not null, trashed_at bigint not null, until bigint not null, actor text not null default '',
      address text not null default '', deletion_id text, primary key (vault_no, type, name, id)
    ) without rowid
  `.execute(db)
  await sql`
    insert into trash_by_name
    select vault_no, type, name, id, bytes, stored_at, trashed_at, until, actor, address, deletion_id
    from trash order by vault_no, type, name, id
  `.execute(db)
  await sql`drop table trash`.execute(db)
  await sql`alter table trash_by_name rename to trash`.execute(db)
  await sql`create index trash_until on trash (until)`.execute(db)
  await sql`create index trash_ungrouped on trash (vault_no, id) where deletion_id is null`.execute(db)
  await sql`
    create table pending_moves_by_name (
      vault_no bigint not null, type integer not null, name blob not null, trash_id bigint not null,
      direction integer not null default 0, primary key (vault_no, type, name, trash_id)
    ) without rowid
  `.execute(db)
  await sql`
    insert into pending_moves_by_name
    select vault_no, type, name, trash_id, direction from pending_moves order by vault_no, type, name, trash_id
  `.execute(db)
  await sql`drop table pending_moves`.execute(db)
  await sql`alter table pending_moves_by_name rename to pending_moves`.execute(db)
}

/** On PostgreSQL it is one index less to be kept for each table. */
async function reorder(db: Kysely<unknown>): Promise<void> {
  await sql`drop index trash_object`.execute(db)
  await sql`alter table trash drop constraint trash_pkey`.execute(db)
  await sql`alter table trash alter column id drop identity`.execute(db)
  await sql`alter table trash add constraint trash_key primary key (vault_no, type, name, id)`.execute(db)
  await sql`drop index pending_moves_object`.execute(db)
  await sql`alter table pending_moves drop constraint pending_moves_pkey`.execute(db)
  await sql`
    alter table pending_moves add constraint pending_moves_key primary key (vault_no, type, name, trash_id)
  `.execute(db)
}
