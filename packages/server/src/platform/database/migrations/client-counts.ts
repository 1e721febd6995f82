import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

const column = 'client_count'

/**
 * How many living clients a customer has, kept beside it: a list sorted by it would count them all each time. The
 * database keeps it by triggers, so that no way of adding, moving or deleting clients can forget to.
 */
export function clientCounts(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('customers')
        .addColumn(column, 'bigint', (c) => c.notNull().defaultTo(0))
        .execute()
      await sql`update customers set client_count = (
        select count(*) from clients where clients.customer_id = customers.id and clients.deleted_at is null
      )`.execute(db)
      await (kind === 'sqlite' ? countOnSqlite(db) : countOnPostgres(db))
    },
  }
}

const added = `update customers set ${column} = ${column} + 1 where id = new.customer_id and new.deleted_at is null;`
const gone = `update customers set ${column} = ${column} - 1 where id = old.customer_id and old.deleted_at is null;`
const moved = `(old.customer_id <> new.customer_id or (old.deleted_at is null) <> (new.deleted_at is null))`

async function countOnSqlite(db: Kysely<unknown>): Promise<void> {
  const triggers = [
    `create trigger clients_counted_added after insert on clients begin ${added} end`,
    `create trigger clients_counted_gone after delete on clients begin ${gone} end`,
    `create trigger clients_counted_moved after update of customer_id, deleted_at on clients when ${moved}
      begin ${gone} ${added} end`,
  ]
  for (const trigger of triggers) await sql.raw(trigger).execute(db)
}

async function countOnPostgres(db: Kysely<unknown>): Promise<void> {
  const statements = [
    `create function count_clients() returns trigger language plpgsql as $$ begin
      if tg_op <> 'INSERT' then ${gone} end if;
      if tg_op <> 'DELETE' then ${added} end if;
      return null;
    end $$`,
    `create trigger clients_counted after insert or delete on clients
      for each row execute function count_clients()`,
    `create trigger clients_counted_moved after update of customer_id, deleted_at on clients
      for each row when ${moved} execute function count_clients()`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
