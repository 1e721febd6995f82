import type { CompiledQuery, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/** What a statement of a script answers. */
export interface StatementResult {
  readonly rows: readonly Record<string, unknown>[]
  readonly affectedRows: number
}

/**
 * A short transaction, written as a generator that yields each statement and receives its result.
 * On SQLite all of it runs in one go without giving up the thread, so the write lock is held for
 * microseconds; on PostgreSQL each statement is a round trip. Throwing rolls back.
 */
export type TransactionScript<Result> = Generator<CompiledQuery, Result, StatementResult>

/** One statement of a script, with its rows as `Row`. */
export function* rowsOf<Row>(
  query: CompiledQuery<Row>,
): Generator<CompiledQuery, readonly Row[], StatementResult> {
  const result = yield query
  return result.rows as readonly Row[]
}

/** Runs a script as part of a transaction of the API. */
export async function finishScript<Result>(
  transaction: Transaction<Schema>,
  script: TransactionScript<Result>,
): Promise<Result> {
  let step = script.next()
  while (!step.done) {
    const { rows, numAffectedRows } = await transaction.executeQuery(step.value)
    step = script.next({
      rows: rows as StatementResult['rows'],
      affectedRows: Number(numAffectedRows ?? rows.length),
    })
  }
  return step.value
}
