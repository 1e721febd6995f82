import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { DatabaseFullError } from './database.ts'

/** Statements kept prepared by one connection; the least recently prepared go first. */
const keptStatements = 500

interface KeptStatement {
  readonly statement: StatementSync
  readonly answersRows: boolean
}

interface SqliteResult {
  readonly rows: Record<string, unknown>[]
  readonly affectedRows: number
  readonly lastInsertRowid: number | bigint
}

/** One connection with its statements, each prepared once. */
export class SqliteStatements {
  readonly #connection: DatabaseSync
  readonly #kept = new Map<string, KeptStatement>()
  readonly #begin: StatementSync
  readonly #commit: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#begin = connection.prepare('begin immediate')
    this.#commit = connection.prepare('commit')
  }

  /** Runs one compiled statement. `null` rows never occur; writes answer how many rows they touched. */
  run(query: { readonly sql: string; readonly parameters: readonly unknown[] }): SqliteResult {
    const { statement, answersRows } = this.#kept.get(query.sql) ?? this.#prepare(query.sql)
    const parameters = query.parameters as SQLInputValue[]
    try {
      if (answersRows) {
        const rows = statement.all(...parameters) as Record<string, unknown>[]
        return { rows, affectedRows: rows.length, lastInsertRowid: 0 }
      }
      const { changes, lastInsertRowid } = statement.run(...parameters)
      return { rows: [], affectedRows: Number(changes), lastInsertRowid }
    } catch (error) {
      throw asDatabaseError(error)
    }
  }

  #prepare(sql: string): KeptStatement {
    const statement = this.#connection.prepare(sql)
    const kept = { statement, answersRows: statement.columns().length > 0 }
    if (this.#kept.size >= keptStatements) {
      const oldest = this.#kept.keys().next()
      if (!oldest.done) this.#kept.delete(oldest.value)
    }
    this.#kept.set(sql, kept)
    return kept
  }

  /** @returns false when another connection is writing */
  beginImmediate(): boolean {
    try {
      this.#begin.run()
      return true
    } catch (error) {
      if (isBusy(error)) return false
      throw asDatabaseError(error)
    }
  }

  /** @throws {DatabaseFullError} as what was changed is written only now */
  commit(): void {
    try {
      this.#commit.run()
    } catch (error) {
      throw asDatabaseError(error)
    }
  }

  /** SQLite has rolled back by itself after some errors, such as a full disk. */
  rollback(): void {
    if (this.#connection.isTransaction) this.#connection.exec('rollback')
  }
}

// https://sqlite.org/rescode.html
const sqliteBusy = 5
const sqliteFull = 13
const sqliteIoErrorWrite = 778

export function isBusy(error: unknown): boolean {
  return (resultCode(error) & 0xff) === sqliteBusy
}

function asDatabaseError(error: unknown): unknown {
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
