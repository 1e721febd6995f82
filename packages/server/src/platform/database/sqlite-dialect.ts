import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SqliteStatements } from './sqlite-statements.ts'
import type { WriteTurn } from './write-turn.ts'

/** Kysely on `node:sqlite`: one connection, writers take turns, and a write resolves when it is durable. */
export function sqliteDialect(options: {
  statements: SqliteStatements
  writeTurn: WriteTurn
  /** Resolves when everything committed so far is on the disk. */
  flush: () => Promise<void>
  beginImmediate: () => Promise<void>
}): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

type DriverOptions = Parameters<typeof sqliteDialect>[0]

class SqliteDriver implements Driver {
  readonly #options: DriverOptions
  readonly #connection: SqliteConnection
  #lastHolder: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined
  #endTurn: (() => void) | undefined

  constructor(options: DriverOptions) {
    this.#options = options
    this.#connection = new SqliteConnection(options)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#lastHolder
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#lastHolder = promise
    await before
    this.#release = resolve
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#release?.()
  }

  async beginTransaction(): Promise<void> {
    const endTurn = await this.#options.writeTurn.take()
    try {
      await this.#options.beginImmediate()
    } catch (error) {
      endTurn()
      throw error
    }
    this.#endTurn = endTurn
    this.#connection.inTransaction = true
  }

  async commitTransaction(): Promise<void> {
    this.#options.statements.commit()
    this.#end()
    await this.#options.flush()
  }

  async rollbackTransaction(): Promise<void> {
    try {
      this.#options.statements.rollback()
    } finally {
      this.#end()
    }
  }

  async destroy(): Promise<void> {}

  #end(): void {
    this.#connection.inTransaction = false
    this.#endTurn?.()
    this.#endTurn = undefined
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #options: DriverOptions
  inTransaction = false

  constructor(options: DriverOptions) {
    this.#options = options
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const reads = query.query.kind === 'SelectQueryNode' || /^\s*select\b/i.test(query.sql)
    if (reads || this.inTransaction) return this.#run<Row>(query)
    const endTurn = await this.#options.writeTurn.take()
    try {
      await this.#options.beginImmediate()
      try {
        const result = this.#run<Row>(query)
        this.#options.statements.commit()
        return result
      } catch (error) {
        this.#options.statements.rollback()
        throw error
      }
    } finally {
      endTurn()
      await this.#options.flush()
    }
  }

  // biome-ignore lint/correctness/useYield: SQLite answers at once, so there is nothing to stream
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streaming queries are not needed on SQLite: page through instead.')
  }

  #run<Row>(query: CompiledQuery): QueryResult<Row> {
    const result = this.#options.statements.run(query)
    return {
      rows: result.rows as Row[],
      numAffectedRows: BigInt(result.affectedRows),
      insertId: BigInt(result.lastInsertRowid),
    }
  }
}
