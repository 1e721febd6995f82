import type { Damage } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
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
    for (const { key, damage } of inspected) {
      await transaction
        .updateTable('objects')
        .set({ verified_at: now })
        .where('vault_no', '=', key.vault_no)
        .where('type', '=', key.type)
        .where('name', '=', key.name)
        .execute()
      if (damage === null) {
        await noteHealed(transaction, key, { from: 'found right again', now })
        continue
      }
      await transaction
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
  })
}

export async function noteHealed(
  queries: Kysely<Schema>,
  key: ObjectKey,
  healed: { from: string; now: number },
): Promise<void> {
  await queries
    .updateTable('damaged_objects')
    .set({ healed_at: healed.now, healed_from: healed.from })
    .where('vault_no', '=', key.vault_no)
    .where('type', '=', key.type)
    .where('name', '=', key.name)
    .where('healed_at', 'is', null)
    .execute()
}
