import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { type ChangeCounter, moveCounter } from './change-counter.ts'
import { type Database, DatabaseFullError } from './database.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import type { StatementResult, TransactionScript } from './transaction-script.ts'

const int8Type = 20
const numericType = 1700
const types: pg.CustomTypesConfig = {
  getTypeParser(id, format) {
    // Sizes and times are whole numbers far below 2^53; sums of them arrive as numeric.
    if (id === int8Type || id === numericType) return Number
    return pg.types.getTypeParser(id, format)
  },
}

const changeChannel = 'granary_changed'
const counterPollMs = 500

/** Opens PostgreSQL. Commits are durable by the database's own `synchronous_commit`. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, types, max: 10, application_name: 'granary' })
  // A connection that breaks while idle is replaced by the pool at the next query, which reports what is wrong.
  pool.on('error', () => {})
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  await migrate(queries, 'postgres')
  const counter = await watchCounter(url, queries)

  const run = <Result>(script: () => TransactionScript<Result>) => retried(() => runOnce(script))

  async function runOnce<Result>(script: () => TransactionScript<Result>): Promise<Result> {
    const connection = await pool.connect()
    let broken: Error | undefined
    try {
      await connection.query('begin')
      const steps = script()
      let step = steps.next()
      while (!step.done) {
        const result = await connection.query(step.value.sql, step.value.parameters as unknown[])
        step = steps.next(asStatementResult(result))
      }
      await connection.query('commit')
      return step.value
    } catch (error) {
      await connection.query('rollback').catch((cause: unknown) => {
        broken = cause as Error
      })
      throw asDatabaseError(error)
    } finally {
      connection.release(broken)
    }
  }

  return {
    kind: 'postgres',
    queries,
    changeCounter: counter,
    transaction: (work) =>
      retried(async () => {
        let began: Transaction<Schema> | undefined
        const result = await queries
          .transaction()
          .execute((transaction) => {
            began = transaction
            return work(transaction)
          })
          .catch((error: unknown) => {
            throw asDatabaseError(error)
          })
        // Whoever edits sees it at once; other processes, and this one's other ways, learn of it by the notification.
        if (began) counter.committed(began)
        return result
      }),
    run,
    async read<Row>(query: { sql: string; parameters: readonly unknown[] }) {
      const result = await pool.query(query.sql, query.parameters as unknown[])
      return result.rows as Row[]
    },
    room: () => null,
    async close() {
      await counter.close()
      await queries.destroy()
    },
  }
}

function asStatementResult(result: pg.QueryResult): StatementResult {
  return { rows: result.rows, affectedRows: result.rowCount ?? 0 }
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const diskFull = '53100'
const deadlockDetected = '40P01'
const serializationFailure = '40001'
const conflictAttempts = 10

function isConflict(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === deadlockDetected || code === serializationFailure
}

/** Two servers waited for each other's rows: one of them begins again. */
async function retried<Result>(once: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once()
    } catch (error) {
      if (!isConflict(error) || attempt === conflictAttempts) throw error
    }
  }
}

function asDatabaseError(error: unknown): unknown {
  if ((error as { code?: unknown } | null)?.code === diskFull) {
    return new DatabaseFullError('The disk of the database is full', { cause: error })
  }
  return error
}

/** Hears of edits by notification, and looks twice a second in case one was missed. */
async function watchCounter(
  url: string,
  queries: Kysely<Schema>,
): Promise<ChangeCounter & { committed(transaction: Transaction<Schema>): void; close(): Promise<void> }> {
  let known = -1
  let closed = false
  let listener: pg.Client | undefined
  const moved = new WeakMap<Transaction<Schema>, number>()

  const learn = (value: number) => {
    if (value > known) known = value
  }
  async function look(): Promise<void> {
    const row = await queries
      .selectFrom('change_counter')
      .select('value')
      .where('id', '=', 1)
      .executeTakeFirst()
    if (row) learn(row.value)
  }
  async function listen(): Promise<void> {
    const client = new pg.Client({ connectionString: url, types, application_name: 'granary-listener' })
    client.on('notification', (message) => learn(Number(message.payload)))
    client.on('error', () => {
      if (listener === client) listener = undefined
    })
    await client.connect()
    await client.query(`listen ${changeChannel}`)
    listener = client
  }

  await look()
  await listen()
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    // While the database can't be reached nothing is known to have changed; queries that need it report that.
    looking ??= (async () => {
      try {
        if (!listener && !closed) await listen()
        await look()
      } catch {
        listener = undefined
      } finally {
        looking = undefined
      }
    })()
  }, counterPollMs)
  timer.unref()

  return {
    current: () => known,
    async bump(transaction) {
      const value = await moveCounter(transaction)
      moved.set(transaction, value)
      await sql`select pg_notify(${changeChannel}, ${String(value)})`.execute(transaction)
    },
    committed(transaction) {
      learn(moved.get(transaction) ?? -1)
    },
    async close() {
      closed = true
      clearInterval(timer)
      await looking
      await listener?.end()
    },
  }
}
