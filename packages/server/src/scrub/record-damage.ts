import type { Database } from '../platform/database/database.ts'
import type { Damage } from './inspect-object.ts'

/** An object in the database's own terms. */
export interface ObjectKey {
  readonly vault_no: number
  readonly type: number
  readonly name: Uint8Array
}

/** A small object that was just stored may wait in the journal for its file: that is no damage. */
export async function unlessJournalled(
  { kind, queries }: Database,
  key: ObjectKey,
  damage: Damage | null,
): Promise<Damage | null> {
  if (damage !== 'missing' || kind !== 'sqlite') return damage
  const content = await queries
    .selectFrom('content_journal')
    .select('seq')
    .where('vault_no', '=', key.vault_no)
    .where('type', '=', key.type)
    .where('name', '=', key.name)
    .executeTakeFirst()
  return content === undefined ? damage : null
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
      if (damage === null) continue
      await transaction
        .insertInto('damaged_objects')
        .values({ ...key, damage, found_at: now, healed_at: null, healed_from: null })
        .onConflict((conflict) =>
          conflict
            .columns(['vault_no', 'type', 'name'])
            .doUpdateSet({ damage, found_at: now, healed_at: null, healed_from: null }),
        )
        .execute()
    }
  })
}
