import type { Kysely, Transaction } from 'kysely'
import type { Schema } from './database/schema.ts'

/** Settings that administrators make while the server runs: one JSON value by name. */
export async function readSetting(queries: Kysely<Schema>, key: string): Promise<unknown> {
  const row = await queries.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
  return row === undefined ? undefined : JSON.parse(row.value)
}

/**
 * Holds all settings until the transaction ends. Whoever edits some of them reads the others first, to write them back
 * together: of two at the same instant on PostgreSQL, the second would write over what the first has set.
 */
export async function holdSettings(transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .updateTable('change_counter')
    .set((eb) => ({ value: eb.ref('value') }))
    .execute()
}

export async function writeSetting(queries: Kysely<Schema>, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value)
  await queries
    .insertInto('settings')
    .values({ key, value: text })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
    .execute()
}
