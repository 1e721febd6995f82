import type { Transaction } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'

/** Some milliseconds of the write lock. */
const rowsAtOnce = 500

/**
 * Removes in transactions of a few rows each until nothing is left; what is stopped in between goes on next time.
 * @param remove takes away so many rows at most, and says how many it did
 */
export async function inBatches(
  database: Database,
  signal: AbortSignal,
  remove: (transaction: Transaction<Schema>, rows: number) => Promise<bigint>,
): Promise<void> {
  let removed = 1n
  while (removed > 0n) {
    signal.throwIfAborted()
    removed = await database.transaction((transaction) => remove(transaction, rowsAtOnce))
  }
}
