import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as next, setTimeout as pause } from 'node:timers/promises'
import { DiskGauge } from '@granary/object-store'
import { Kysely } from 'kysely'
import { type ChangeCounter, moveCounter } from './change-counter.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { isBusy, SqliteStatements } from './sqlite-statements.ts'
import type { TransactionScript } from './transaction-script.ts'
import { WalDurability } from './wal-durability.ts'
import { WriteTurn } from './write-turn.ts'

/** The writers of other processes are done in microseconds; only after so many attempts is it worth to sleep. */
const quickAttempts = 50
/** How long a writer waits for the writers of other processes before it gives up. */
const writeLockPatienceMs = 30_000

/**
 * Opens the SQLite file, in WAL mode. Two connections: one for the API's queries and transactions, one for
 * the hot path's scripts and reads, so that an upload never waits for a listing.
 * @param checkpoints who moves the log into the file: this connection itself as SQLite does by default, or
 *   `'elsewhere'` where another process does it, so that no request waits for it
 */
export async function openSqlite(
  path: string,
  options: { checkpoints: 'here' | 'elsewhere' },
): Promise<Database> {
  const api = connect(path, options.checkpoints)
  const hot = connect(path, options.checkpoints)
  const apiStatements = new SqliteStatements(api)
  const hotStatements = new SqliteStatements(hot)
  const durability = new WalDurability(path)
  const writeTurn = new WriteTurn()
  const gauge = new DiskGauge(dirname(path))
  const flush = () => durability.flush({ alone: false })
  const queries = new Kysely<Schema>({
    dialect: sqliteDialect({
      statements: apiStatements,
      writeTurn,
      flush,
      beginImmediate: () => beginImmediate(apiStatements),
    }),
  })
  await migrate(queries, 'sqlite')

  async function run<Result>(
    script: () => TransactionScript<Result>,
    { durable, alone = false }: { durable: boolean; alone?: boolean },
  ): Promise<Result> {
    const endTurn = await writeTurn.take()
    let result: Result
    try {
      await beginImmediate(hotStatements)
      result = finishScript(hotStatements, script())
    } finally {
      endTurn()
    }
    if (durable) await durability.flush({ alone })
    return result
  }

  const counterStatement = hot.prepare('select value from change_counter where id = 1')
  const changeCounter: ChangeCounter = {
    current: () => counterStatement.get()?.value as number,
    async bump(transaction) {
      await moveCounter(transaction)
    },
  }

  return {
    kind: 'sqlite',
    queries,
    changeCounter,
    transaction: (work) => queries.transaction().execute(work),
    run,
    read: <Row>(query: { sql: string; parameters: readonly unknown[] }) =>
      hotStatements.run(query).rows as Row[],
    room: () => gauge.read(),
    async close() {
      await queries.destroy()
      await durability.close()
      hot.close()
      api.close()
    },
  }
}

function connect(path: string, checkpoints: 'here' | 'elsewhere'): DatabaseSync {
  // Who has to wait does so without keeping the thread: see beginImmediate.
  const connection = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true })
  withPatience(() => connection.exec('pragma journal_mode = wal'))
  connection.exec('pragma synchronous = normal')
  connection.exec('pragma cache_size = -8000')
  connection.exec(`pragma wal_autocheckpoint = ${checkpoints === 'here' ? 1000 : 0}`)
  return connection
}

/** Turning WAL on takes the file for itself; another process doing the same at start is waited for. */
function withPatience(work: () => void): void {
  const deadline = Date.now() + writeLockPatienceMs
  for (;;) {
    try {
      work()
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

async function beginImmediate(statements: SqliteStatements): Promise<void> {
  for (let attempt = 0; attempt < quickAttempts; attempt += 1) {
    if (statements.beginImmediate()) return
    await next()
  }
  const deadline = Date.now() + writeLockPatienceMs
  while (!statements.beginImmediate()) {
    if (Date.now() > deadline) throw new Error('The database was kept by another writer for too long')
    await pause(1)
  }
}

function finishScript<Result>(statements: SqliteStatements, script: TransactionScript<Result>): Result {
  try {
    let step = script.next()
    while (!step.done) step = script.next(statements.run(step.value))
    statements.commit()
    return step.value
  } catch (error) {
    statements.rollback()
    throw error
  }
}
