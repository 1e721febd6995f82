import type { Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * Says whether anything that processes keep in memory (credentials, states, limits) was edited, in any
 * process. Caches are thrown away when `current()` moves.
 */
export interface ChangeCounter {
  /** The counter as this process knows it: exact on SQLite, of other processes at most half a second old on PostgreSQL. */
  current(): number
  /** Moves the counter, in the transaction that edits. */
  bump(transaction: Transaction<Schema>): Promise<void>
}

export async function moveCounter(transaction: Kysely<Schema>): Promise<number> {
  const row = await transaction
    .updateTable('change_counter')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('id', '=', 1)
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value
}
