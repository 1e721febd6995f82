import type { Damage } from '@granary/contract'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'

/** An object in the database's own terms. */
export interface ObjectKey {
  readonly vault_no: number
  readonly type: number
  readonly name: Uint8Array
}

/**
 * Whether what was found wrong is damage: an object that was removed meanwhile, whose file is under way, or whose
 * content waits in the journal for its file, is none.
 */
export async function confirmDamage(
  database: Database,
  key: ObjectKey,
  damage: Damage | null,
): Promise<Damage | null> {
  if (damage === null) return null
  const { queries } = database
  const of = <Table extends 'objects' | 'pending_moves'>(table: Table) => exists(queries, table, key)
  if (!(await of('objects')) || (await of('pending_moves'))) return null
  if (damage !== 'missing' || database.kind !== 'sqlite') return damage
  return (await exists(queries, 'content_journal', key)) ? null : damage
}

async function exists(
  queries: Kysely<Schema>,
  table: 'objects' | 'pending_moves' | 'content_journal',
  key: ObjectKey,
): Promise<boolean> {
  const row = await queries
    .selectFrom(table)
    .select('type')
    .where('vault_no', '=', key.vault_no)
    .where('type', '=', key.type)
    .where('name', '=', key.name)
    .executeTakeFirst()
  return row !== undefined
}

/** Notes what a look at stored objects found, so that it is known when each was last found right. */
export async function recordInspections(
  database: Database,
  inspected: readonly { key: ObjectKey; damage: Damage | null }[],
  now: number,
): Promise<void> {
  if (inspected.length === 0) return
  await database.transaction(async (transaction) => {
    for (const some of besideEachOther(inspected)) {
      await transaction
        .updateTable('objects')
        .set({ verified_at: now })
        .where(among(some.map(({ key }) => key)))
        .execute()
      const right = some.filter(({ damage }) => damage === null).map(({ key }) => key)
      await noteHealed(transaction, right, { from: 'found right again', now })
      for (const { key, damage } of some) {
        if (damage !== null) await noteDamage(transaction, key, { damage, now })
      }
    }
  })
}

async function noteDamage(
  queries: Kysely<Schema>,
  key: ObjectKey,
  { damage, now }: { damage: Damage; now: number },
): Promise<void> {
  await queries
    .insertInto('damaged_objects')
    .values({ ...key, damage, found_at: now, healed_at: null, healed_from: null })
    .onConflict((conflict) =>
      conflict
        .columns(['vault_no', 'type', 'name'])
        // What was known already was found when it was found first.
        .doUpdateSet({
          damage,
          found_at: sql`case when damaged_objects.healed_at is null then damaged_objects.found_at else excluded.found_at end`,
          healed_at: null,
          healed_from: null,
        }),
    )
    .execute()
}

/** @param keys of one vault and one type */
export async function noteHealed(
  queries: Kysely<Schema>,
  keys: readonly ObjectKey[],
  healed: { from: string; now: number },
): Promise<void> {
  if (keys.length === 0) return
  await queries
    .updateTable('damaged_objects')
    .set({ healed_at: healed.now, healed_from: healed.from })
    .where(among(keys))
    .where('healed_at', 'is', null)
    .execute()
}

/** Those that follow each other in one vault and are of one type, so that one statement finds all of them. */
function besideEachOther<One extends { key: ObjectKey }>(inspected: readonly One[]): One[][] {
  const groups: One[][] = []
  for (const one of inspected) {
    const last = groups.at(-1)
    const before = last?.[0]?.key
    if (last && before?.vault_no === one.key.vault_no && before.type === one.key.type) last.push(one)
    else groups.push([one])
  }
  return groups
}

/** @param keys of one vault and one type */
function among(keys: readonly ObjectKey[]) {
  const names = sql.join(keys.map(({ name }) => name))
  return sql<SqlBool>`vault_no = ${keys[0]?.vault_no} and type = ${keys[0]?.type} and name in (${names})`
}
