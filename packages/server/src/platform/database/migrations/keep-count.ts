import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** Which living rows of `children` are counted in which column of the row of `parents` that they name. */
interface Count {
  readonly parents: string
  readonly children: string
  /** Column of the children with the ID of their parent */
  readonly parent: string
  readonly column: string
}

/**
 * Adds a column that says how many living children a row has: a list sorted by it would count them all each time. The
 * database keeps it by triggers, so that no way of adding, moving or deleting children can forget to.
 */
export async function keepCount(db: Kysely<unknown>, kind: DatabaseKind, count: Count): Promise<void> {
  const { parents, children, parent, column } = count
  await db.schema
    .alterTable(parents)
    .addColumn(column, 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  const statements = [
    `update ${parents} set ${column} = (
      select count(*) from ${children} where ${children}.${parent} = ${parents}.id and ${children}.deleted_at is null)`,
    ...(kind === 'sqlite' ? triggersOfSqlite(count) : triggersOfPostgres(count)),
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

function changes({ parents, parent, column }: Count) {
  return {
    added: `update ${parents} set ${column} = ${column} + 1 where id = new.${parent} and new.deleted_at is null;`,
    gone: `update ${parents} set ${column} = ${column} - 1 where id = old.${parent} and old.deleted_at is null;`,
    moved: `(old.${parent} <> new.${parent} or (old.deleted_at is null) <> (new.deleted_at is null))`,
  }
}

function triggersOfSqlite(count: Count): string[] {
  const { children, parent } = count
  const { added, gone, moved } = changes(count)
  return [
    `create trigger ${children}_counted_added after insert on ${children} begin ${added} end`,
    `create trigger ${children}_counted_gone after delete on ${children} begin ${gone} end`,
    `create trigger ${children}_counted_moved after update of ${parent}, deleted_at on ${children} when ${moved}
      begin ${gone} ${added} end`,
  ]
}

function triggersOfPostgres(count: Count): string[] {
  const { children, parent } = count
  const { added, gone, moved } = changes(count)
  return [
    `create function count_${children}() returns trigger language plpgsql as $$ begin
      if tg_op <> 'INSERT' then ${gone} end if;
      if tg_op <> 'DELETE' then ${added} end if;
      return null;
    end $$`,
    `create trigger ${children}_counted after insert or delete on ${children}
      for each row execute function count_${children}()`,
    `create trigger ${children}_counted_moved after update of ${parent}, deleted_at on ${children}
      for each row when ${moved} execute function count_${children}()`,
  ]
}
