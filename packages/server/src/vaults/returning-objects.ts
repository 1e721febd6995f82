import { describeHandle, type ObjectHandle, type VaultStore } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import type { Database } from '../platform/database/database.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import type { Log } from '../platform/log.ts'
import { type LedgerStatements, moveDirection } from './ledger-statements.ts'
import { nameBytes, nameText, objectTypeCode, vaultFolder } from './object-names.ts'
import { makeEach, moveKey, type PendingMove, pendingMoveOf } from './pending-move.ts'

/** Files moved while the write lock is held once: a few milliseconds. */
const movesAtOnce = 250

/**
 * Objects that the ledger has back and whose files still lie in the trash. Undeleting a million objects is so a matter
 * for the database alone: the files follow in the background, in the order of their names, and an object that is
 * asked for before is moved at once.
 */
export class ReturningObjects {
  readonly #database: Database
  readonly #store: VaultStore
  readonly #log: Log
  readonly #statements: LedgerStatements

  constructor(
    dependencies: { database: Database; store: VaultStore; log: Log },
    statements: LedgerStatements,
  ) {
    this.#database = dependencies.database
    this.#store = dependencies.store
    this.#log = dependencies.log
    this.#statements = statements
  }

  /** @returns whether the object was on its way back, and is there now */
  async returnNow(access: VaultAccess, handle: ObjectHandle): Promise<boolean> {
    const { vaultNo } = access
    const query = this.#statements.findPendingMoves(vaultNo, objectTypeCode(handle.type), nameBytes(handle))
    const moves = await this.#database.read<{ trash_id: number; direction: number }>(query)
    const folder = vaultFolder(vaultNo, access.clientId)
    const returns = moves
      .filter((move) => move.direction === moveDirection.back)
      .map((move) => ({ trashId: move.trash_id, vaultNo, folder, handle }))
    if (returns.length === 0) return false
    await this.#return(returns)
    return true
  }

  /**
   * Moves what is left, of one vault or of all. What the disk refuses is logged and left for the next time: it must keep
   * neither other files waiting nor a start.
   * @returns how many files were moved, and how many were refused
   */
  async finish(vaultNo?: number): Promise<{ moved: number; refused: number }> {
    let moved = 0
    const refused = new Set<string>()
    for (;;) {
      const next = await this.#next(vaultNo, movesAtOnce + refused.size)
      const returns = next.filter((move) => !refused.has(keyOf(move)))
      if (returns.length === 0) return { moved, refused: refused.size }
      const left = await makeEach(returns, (moves) => this.#return(moves), {
        log: this.#log,
        failure: 'An undeleted object could not be moved back into its vault',
      })
      for (const move of left) refused.add(keyOf(move))
      moved += returns.length - left.length
    }
  }

  async #next(vaultNo: number | undefined, rowsAtMost: number): Promise<PendingMove[]> {
    let query = this.#database.queries
      .selectFrom('pending_moves as p')
      .innerJoin('clients as c', 'c.vault_no', 'p.vault_no')
      .select(['p.trash_id', 'p.vault_no', 'p.type', 'p.name', 'c.client_id'])
      .where('p.direction', '=', moveDirection.back)
      .orderBy('p.vault_no')
      .orderBy('p.type')
      .orderBy('p.name')
      .limit(rowsAtMost)
    if (vaultNo !== undefined) query = query.where('p.vault_no', '=', vaultNo)
    const rows = await query.execute()
    return rows.map(pendingMoveOf)
  }

  async #return(returns: readonly PendingMove[]): Promise<void> {
    await this.#database.run(() => this.#returning(returns), { durable: false })
    await Promise.all(returns.map(({ folder, handle }) => this.#store.settle(folder, handle)))
    // Only now may they be forgotten: a power cut before would have left the file in the trash.
    await this.#database.run(() => this.#forgetting(returns), { durable: false })
  }

  *#forgetting(returns: readonly PendingMove[]): TransactionScript<void> {
    yield this.#statements.deletePendingMoves(returns.map(moveKey), moveDirection.back)
  }

  *#returning(returns: readonly PendingMove[]): TransactionScript<void> {
    const lock = this.#statements.lockVaults([...new Set(returns.map(({ vaultNo }) => vaultNo))])
    if (lock) yield lock
    const nameOf = (vaultNo: number, type: number, name: string) => `${vaultNo} ${type} ${name}`
    const stored = new Set<string>()
    for (const row of yield* rowsOf(this.#statements.findObjects(returns.map(moveKey))))
      stored.add(nameOf(row.vault_no, row.type, nameText(row.name)))
    for (const { trashId, vaultNo, folder, handle } of returns) {
      const [type, name] = [objectTypeCode(handle.type), nameBytes(handle)] as const
      if (!stored.has(nameOf(vaultNo, type, handle.name))) {
        // Removed again meanwhile: what it was removed into gets the bytes, where it has none yet.
        for (const move of yield* rowsOf(this.#statements.findPendingMoves(vaultNo, type, name))) {
          if (move.direction === moveDirection.intoTrash)
            this.#store.shareTrash(folder, handle, trashId, move.trash_id)
        }
        this.#store.purge(folder, handle, trashId)
      } else if (!this.#store.returnFromTrash(folder, handle, trashId)) {
        this.#log.error(
          { folder, handle: describeHandle(handle) },
          'An undeleted object has no file any more',
        )
      }
    }
  }
}

function keyOf({ vaultNo, handle, trashId }: PendingMove): string {
  return `${vaultNo} ${describeHandle(handle)} ${trashId}`
}
