import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { DatabaseFullError } from './database.ts'

/** Statements kept prepared by one connection; the least recently prepared go first. */
const keptStatements = 500

/** Runs one compiled statement, prepared once. `null` rows never occur; writes answer how many rows they touched. */
export function runSqlite(
  connection: DatabaseSync,
  statements: Map<string, StatementSync>,
  query: { readonly sql: string; readonly parameters: readonly unknown[] },
): { rows: Record<string, unknown>[]; affectedRows: number; lastInsertRowid: bigint } {
  let statement = statements.get(query.sql)
  if (statement === undefined) {
    statement = connection.prepare(query.sql)
    if (statements.size >= keptStatements) {
      const oldest = statements.keys().next()
      if (!oldest.done) statements.delete(oldest.value)
    }
    statements.set(query.sql, statement)
  }
  const parameters = query.parameters as SQLInputValue[]
  try {
    if (statement.columns().length > 0) {
      const rows = statement.all(...parameters) as Record<string, unknown>[]
      return { rows, affectedRows: rows.length, lastInsertRowid: 0n }
    }
    const result = statement.run(...parameters)
    return { rows: [], affectedRows: Number(result.changes), lastInsertRowid: BigInt(result.lastInsertRowid) }
  } catch (error) {
    throw asDatabaseError(error)
  }
}

// https://sqlite.org/rescode.html
const sqliteBusy = 5
const sqliteFull = 13
const sqliteIoErrorWrite = 778

export function isBusy(error: unknown): boolean {
  return (resultCode(error) & 0xff) === sqliteBusy
}

export function asDatabaseError(error: unknown): unknown {
  const code = resultCode(error)
  // A full tmpfs or a quota shows as a failed write of the log rather than as SQLITE_FULL.
  if ((code & 0xff) === sqliteFull || code === sqliteIoErrorWrite) {
    return new DatabaseFullError('The disk of the database is full', { cause: error })
  }
  return error
}

/** Whether a write broke a unique index, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  const postgresCode = (error as { code?: unknown } | null)?.code
  return postgresCode === '23505' || resultCode(error) === 2067 || resultCode(error) === 1555
}

function resultCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code : 0
}
