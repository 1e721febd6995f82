import type { DiskRoom } from '@granary/object-store'
import type { Kysely, Transaction } from 'kysely'
import type { ChangeCounter } from './change-counter.ts'
import type { Schema } from './schema.ts'
import type { TransactionScript } from './transaction-script.ts'

export type DatabaseKind = 'sqlite' | 'postgres'

/** The server's database. What resolves after a write is durable: a power cut does not take it back. */
export interface Database {
  readonly kind: DatabaseKind
  /** For queries that stand alone. Inside `transaction` use the transaction only. */
  readonly queries: Kysely<Schema>
  readonly changeCounter: ChangeCounter
  /** Everything or nothing, and no two writers at once on SQLite. Throwing rolls back. */
  transaction<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>
  /**
   * The hot path's transaction: see TransactionScript. `durable: false` is for what may be forgotten in a
   * power cut, such as reservations. `alone` says that no other request waits for this thread, so that a quick
   * flush may be waited for in place.
   */
  run<Result>(
    script: () => TransactionScript<Result>,
    options: { durable: boolean; alone?: boolean },
  ): Promise<Result>
  /** One compiled read outside any transaction; immediate on SQLite. */
  read<Row>(query: {
    readonly sql: string
    readonly parameters: readonly unknown[]
  }): Promise<readonly Row[]> | readonly Row[]
  /** Room on the disk that the database grows on; null where that is not this machine's business. */
  room(): DiskRoom | null
  close(): Promise<void>
}

/** Thrown when the database can't grow: its disk is full. */
export class DatabaseFullError extends Error {
  override readonly name = 'DatabaseFullError'
}
