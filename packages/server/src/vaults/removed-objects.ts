import { describeHandle, type ObjectHandle, type VaultStore } from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import type { Log } from '../platform/log.ts'
import { type LedgerStatements, moveDirection } from './ledger-statements.ts'
import { nameBytes, objectTypeCode } from './object-names.ts'
import { makeEach, moveKey, type PendingMove, pendingMoveOf } from './pending-move.ts'

/** Files that one transaction moves at most. */
const movedAtOnce = 64

/** Objects that the ledger has removed, and whose files follow: into the trash, or away for good. */
export class RemovedObjects {
  readonly #database: Database
  readonly #store: VaultStore
  readonly #log: Log
  readonly #statements: LedgerStatements
  #background = new Set<Promise<void>>()

  constructor(
    dependencies: { database: Database; store: VaultStore; log: Log },
    statements: LedgerStatements,
  ) {
    this.#database = dependencies.database
    this.#store = dependencies.store
    this.#log = dependencies.log
    this.#statements = statements
  }

  /**
   * Finishes the moves that a process that died had begun, or that the disk refused; one that is under way is made twice
   * without harm. What it refuses again is logged and left for the next time.
   * @returns how many
   */
  async finish(vaultNo?: number): Promise<number> {
    const rows = await this.#database.queries
      .selectFrom('pending_moves as p')
      .innerJoin('clients as c', 'c.vault_no', 'p.vault_no')
      .select(['p.trash_id', 'p.vault_no', 'p.type', 'p.name', 'c.client_id'])
      .where('p.direction', '=', moveDirection.intoTrash)
      .$if(vaultNo !== undefined, (query) => query.where('p.vault_no', '=', vaultNo as number))
      .execute()
    const moves = rows.map(pendingMoveOf)
    const failure = 'A removed object could not be moved out of its vault'
    let refused = 0
    for (let i = 0; i < moves.length; i += movedAtOnce) {
      const some = moves.slice(i, i + movedAtOnce)
      refused += (await makeEach(some, (each) => this.follow(each), { log: this.#log, failure })).length
    }
    return moves.length - refused
  }

  /** Resolves when the moves are durable and forgotten. */
  async idle(): Promise<void> {
    await Promise.all(this.#background)
  }

  /** Lets the files follow the ledger, and forgets the moves once they are durable. */
  async follow(moves: readonly PendingMove[]): Promise<void> {
    await this.#database.run(() => this.#following(moves), { durable: false })
    const forgetting = this.#forget(moves)
      // Left for the next start, which does them again without harm.
      .catch((error: unknown) => this.#log.warn({ err: error }, 'Moves to the trash could not be concluded'))
      .finally(() => this.#background.delete(forgetting))
    this.#background.add(forgetting)
  }

  async #forget(moves: readonly PendingMove[]): Promise<void> {
    await Promise.all(moves.map((move) => this.#store.settle(move.folder, move.handle)))
    await this.#database.run(() => this.#forgetting(moves), { durable: false })
  }

  *#forgetting(moves: readonly PendingMove[]): TransactionScript<void> {
    yield this.#statements.deletePendingMoves(moves.map(moveKey), moveDirection.intoTrash)
  }

  *#following(moves: readonly PendingMove[]): TransactionScript<void> {
    const lock = this.#statements.lockVaults([...new Set(moves.map((move) => move.vaultNo))])
    if (lock) yield lock
    for (const move of moves) {
      const { trashId, vaultNo, folder, handle } = move
      const query = this.#statements.findObject(vaultNo, objectTypeCode(handle.type), nameBytes(handle))
      // The same bytes may have been uploaded again meanwhile. Asking inside the write lock makes sure that
      // either this sees the new row, or the upload sees, after its own commit, that its file is gone.
      const storedAgain = (yield* rowsOf(query)).length > 0
      if (storedAgain && !(yield* this.#isWanted(move))) continue
      if (trashId < 0) {
        if (!storedAgain) this.#store.remove(folder, handle)
      } else if (!this.#store.moveToTrash(folder, handle, trashId, { keepPublished: storedAgain })) {
        yield* this.#fillTrash(vaultNo, folder, handle, trashId)
      }
    }
  }

  /** Whether it has still to be made: an undeletion may have turned it back, or another process made it. */
  *#isWanted({ trashId, vaultNo, handle }: PendingMove): TransactionScript<boolean> {
    const query = this.#statements.findPendingMoves(vaultNo, objectTypeCode(handle.type), nameBytes(handle))
    const moves = yield* rowsOf(query)
    return moves.some((move) => move.trash_id === trashId && move.direction === moveDirection.intoTrash)
  }

  /** It has no file of its own: not yet, or it was removed, uploaded and removed again before it had been moved once. */
  *#fillTrash(
    vaultNo: number,
    folder: string,
    handle: ObjectHandle,
    trashId: number,
  ): TransactionScript<void> {
    if (this.#database.kind === 'sqlite') {
      const journalled = this.#statements.findContent(vaultNo, objectTypeCode(handle.type), nameBytes(handle))
      const [row] = yield* rowsOf(journalled)
      if (row !== undefined) {
        this.#store.put(folder, handle, row.content, { trashId })
        return
      }
    }
    const query = this.#statements.findTrash(vaultNo, objectTypeCode(handle.type), nameBytes(handle))
    for (const { id } of yield* rowsOf(query)) {
      if (id !== trashId && this.#store.shareTrash(folder, handle, id, trashId)) return
    }
    // Lost before it was removed. Whoever removes it must not be kept from it, nor the server from starting.
    this.#log.error({ folder, handle: describeHandle(handle) }, 'A removed object had no file any more')
  }
}
