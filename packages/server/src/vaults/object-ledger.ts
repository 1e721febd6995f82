import { ProblemError } from '@granary/contract'
import type { IncomingObject, Leftover, ObjectHandle, VaultStore } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import type { Log } from '../platform/log.ts'
import type { Reservation } from '../quotas/reserve-bytes.ts'
import { type LedgerActor, LedgerStatements, ledgerChange, moveDirection } from './ledger-statements.ts'
import { nameBytes, nameText, objectTypeCode, vaultFolder } from './object-names.ts'
import type { PendingMove } from './pending-move.ts'
import { RemovedObjects } from './removed-objects.ts'
import { ReturningObjects } from './returning-objects.ts'
import { takeTrashNumbers } from './trash-numbers.ts'
import { isLedgered, type PlacedObject, withdrawUnledgered } from './withdraw-object.ts'

/**
 * What the locks of one vault may take together: some thousand of stock restic's, of which each process at work has one,
 * or two while it renews it. They reserve no room, so that whoever has none left can restore and prune.
 */
const mostLockBytes = 16 * 1024 * 1024
/** What a file takes at least, however small. */
const leastFileBytes = 4096

/** Rows that one transaction carries at most; more wait for the next, so that no writer waits long. */
const groupedChanges = 64

export interface Storing extends LedgerActor {
  readonly access: VaultAccess
  readonly handle: ObjectHandle
  readonly bytes: number
  /** All of it, when it is to be kept in the journal until it has a file; see ContentJournal. */
  readonly content: Uint8Array | null
  readonly reservation: Reservation | undefined
}

interface Trashing extends LedgerActor {
  readonly access: VaultAccess
  readonly handle: ObjectHandle
  /** When the object was stored that the request means. */
  readonly storedAt: number
  /** When it may be purged. */
  readonly until: number
  /** How long each version is kept at least after the server received it, whatever a client asks for. */
  readonly keepMs?: number
}

/** `existed`: the same name was ledgered before, or by another upload just now; it counts once. */
export type StoredOutcome = 'stored' | 'existed'

interface Waiting<Change, Outcome> {
  readonly change: Change
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * The record of every change to stored bytes, and what is stored now, in one transaction each. Changes that
 * wait at the same time share a transaction and a flush.
 */
export class ObjectLedger {
  readonly #database: Database
  readonly #store: VaultStore
  readonly #clock: Clock
  readonly #statements: LedgerStatements
  /** Objects on their way back from the trash. */
  readonly returning: ReturningObjects
  readonly #removed: RemovedObjects
  #storing: Waiting<Storing, StoredOutcome>[] = []
  #trashing: Waiting<Trashing, PendingMove | null>[] = []
  #scheduled = false
  #running = 0
  #idle: (() => void)[] = []

  constructor(dependencies: { database: Database; store: VaultStore; clock: Clock; log: Log }) {
    this.#database = dependencies.database
    this.#store = dependencies.store
    this.#clock = dependencies.clock
    this.#statements = new LedgerStatements(dependencies.database)
    this.returning = new ReturningObjects(dependencies, this.#statements)
    this.#removed = new RemovedObjects(dependencies, this.#statements)
  }

  /** @returns the object's size and when it was stored, or null */
  async find(access: VaultAccess, handle: ObjectHandle): Promise<{ bytes: number; storedAt: number } | null> {
    const query = this.#statements.findObject(access.vaultNo, objectTypeCode(handle.type), nameBytes(handle))
    const [row] = await this.#database.read<{ bytes: number; stored_at: number }>(query)
    return row === undefined ? null : { bytes: row.bytes, storedAt: row.stored_at }
  }

  /** The content of an object that has no file yet, or null. */
  async findContent(access: VaultAccess, handle: ObjectHandle): Promise<Uint8Array | null> {
    if (this.#database.kind !== 'sqlite' || (await this.find(access, handle)) === null) return null
    const query = this.#statements.findContent(access.vaultNo, objectTypeCode(handle.type), nameBytes(handle))
    const [row] = await this.#database.read<{ content: Uint8Array }>(query)
    return row?.content ?? null
  }

  /** Pages of names and sizes of one type. What was acknowledged before the call is always among them. */
  async *list(
    access: VaultAccess,
    type: ObjectHandle['type'],
    pageRows: number,
  ): AsyncGenerator<readonly ListedObject[]> {
    let after: Uint8Array = new Uint8Array(0)
    for (;;) {
      const query = this.#statements.listObjects(access.vaultNo, objectTypeCode(type), after, pageRows)
      const rows = await this.#database.read<{ name: Uint8Array; bytes: number }>(query)
      yield rows.map((row) => ({ name: nameText(row.name), bytes: row.bytes }))
      const last = rows.at(-1)
      if (last === undefined || rows.length < pageRows) return
      after = last.name
    }
  }

  /**
   * Ledgers a published object. Resolves when the row is durable.
   * @throws {ProblemError} `credentials-invalid` when the client was deleted meanwhile; `too-many-locks` for a lock beyond
   *   what those of a vault may take
   */
  stored(change: Storing): Promise<StoredOutcome> {
    return new Promise((resolve, reject) => {
      this.#storing.push({ change, resolve, reject })
      this.#schedule()
    })
  }

  /** Moves an object to the trash: first in the ledger, then on the disk. Resolves when it can't be read any more. */
  async trashed(change: Trashing): Promise<void> {
    const move = await new Promise<PendingMove | null>((resolve, reject) => {
      this.#trashing.push({ change, resolve, reject })
      this.#schedule()
    })
    if (move !== null) await this.#removed.follow([move])
  }

  /** Takes back what was published when it could not be ledgered, unless someone else ledgered the same. */
  async withdraw(object: PlacedObject): Promise<void> {
    await this.#database.run(() => withdrawUnledgered(this.#statements, this.#store, object), {
      durable: false,
    })
  }

  /**
   * Makes sure that an upload that was ledgered is under its name. A removal of the same name just before may have taken
   * the file along; one that came since has taken the object too, and then nothing is shown.
   * @returns whether it is there
   */
  async keepShown(access: VaultAccess, handle: ObjectHandle, incoming: IncomingObject): Promise<boolean> {
    if (incoming.isShown()) return true
    const showing = () => this.#showing(access.vaultNo, handle, incoming)
    const isStored = await this.#database.run(showing, { durable: false })
    await incoming.settle()
    return isStored
  }

  /**
   * Finishes the moves that a process that died had begun.
   * @param vaultNo of one vault only
   */
  async finishPendingMoves(vaultNo?: number): Promise<number> {
    const removed = await this.#removed.finish(vaultNo)
    await this.idle()
    return removed + (await this.returning.finish(vaultNo)).moved
  }

  /**
   * Tries again to let files follow into the trash that the disk refused to move, as one that was full: until they have,
   * they can still be read and are never purged.
   */
  async retryMoves(): Promise<void> {
    await this.#removed.finish()
  }

  /**
   * Publishes what a process that died was taking in, where the ledger has it, or takes it into the trash, where it was
   * removed again before its file had followed; otherwise removes it.
   * @returns whether the ledger knows of it
   */
  settleLeftover(leftover: Leftover): Promise<boolean> {
    return this.#database.run(() => this.#settlingLeftover(leftover), { durable: false })
  }

  /** Resolves when nothing waits to be written. */
  async idle(): Promise<void> {
    while (this.#scheduled || this.#running > 0)
      await new Promise<void>((resolve) => this.#idle.push(resolve))
    await this.#removed.idle()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    // After everything that came in with this turn of the event loop, so that it shares one transaction.
    setImmediate(() => {
      this.#scheduled = false
      void this.#runGroup()
    })
  }

  async #runGroup(): Promise<void> {
    const storing = this.#storing.splice(0, groupedChanges)
    const trashing = this.#trashing.splice(0, groupedChanges)
    const alone = storing.length + trashing.length === 1 && this.#running === 0
    if (this.#storing.length > 0 || this.#trashing.length > 0) this.#schedule()
    this.#running += 1
    try {
      const outcome = await this.#database.run(() => this.#group(storing, trashing), {
        durable: true,
        alone,
      })
      for (const [index, waiting] of storing.entries()) {
        const stored = outcome.stored[index]
        if (stored instanceof ProblemError) waiting.reject(stored)
        else waiting.resolve(stored ?? 'existed')
      }
      for (const [index, waiting] of trashing.entries()) waiting.resolve(outcome.trashed[index] ?? null)
    } catch (error) {
      for (const waiting of [...storing, ...trashing]) waiting.reject(error)
    } finally {
      this.#running -= 1
      if (!this.#scheduled && this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve()
    }
  }

  *#group(
    storing: readonly Waiting<Storing, StoredOutcome>[],
    trashing: readonly Waiting<Trashing, PendingMove | null>[],
  ): TransactionScript<{ stored: (StoredOutcome | ProblemError)[]; trashed: (PendingMove | null)[] }> {
    const now = this.#clock.now()
    const stored =
      storing.length === 0
        ? []
        : yield* this.#addObjects(
            storing.map((waiting) => waiting.change),
            now,
          )
    const trashed: (PendingMove | null)[] = []
    for (const { change } of trashing) trashed.push(yield* this.#trash(change, now))
    return { stored, trashed }
  }

  *#addObjects(
    changes: readonly Storing[],
    now: number,
  ): TransactionScript<(StoredOutcome | ProblemError)[]> {
    const byVault = Map.groupBy(changes.keys(), (index) => (changes[index] as Storing).access.vaultNo)
    const outcomes: (StoredOutcome | ProblemError)[] = []
    const owners = new Map<number, readonly string[]>()
    // In one order everywhere, so that two servers never wait for each other crosswise.
    for (const vaultNo of [...byVault.keys()].sort((a, b) => a - b)) {
      // A snapshot notes the backup in the client's row: whoever only shared it would wait for the others to let go. Locks
      // are counted, and none is to come meanwhile.
      const comesAlone = byVault.get(vaultNo)?.some((index) => {
        const type = changes[index]?.handle.type
        return type === 'snapshots' || type === 'locks'
      })
      const lock = comesAlone ? this.#statements.lockVaults([vaultNo]) : null
      if (lock) yield lock
      const [row] = yield* rowsOf(this.#statements.ownersOf(vaultNo))
      if (row) owners.set(vaultNo, [row.client_id, row.customer_id, row.reseller_id])
    }
    const rows = changes.map((change) => ({
      ...change,
      vaultNo: change.access.vaultNo,
      type: objectTypeCode(change.handle.type),
      name: nameBytes(change.handle),
      change: ledgerChange.stored,
    }))
    const refused = yield* this.#locksTooMany(rows)
    const present = rows.filter((row) => owners.has(row.vaultNo) && !refused.has(row))
    const added = new Set<string>()
    if (present.length > 0) {
      for (const row of yield* rowsOf(this.#statements.insertObjects(present, now))) {
        added.add(`${row.vault_no} ${row.type} ${nameText(row.name)}`)
      }
    }
    const counted: typeof rows = []
    for (const [index, row] of rows.entries()) {
      const refusal = refused.get(row)
      if (!owners.has(row.vaultNo)) outcomes[index] = new ProblemError('credentials-invalid')
      else if (refusal !== undefined) outcomes[index] = refusal
      // Two uploads of one name in one group: the first one counts.
      else if (added.delete(`${row.vaultNo} ${row.type} ${row.handle.name}`)) {
        outcomes[index] = 'stored'
        counted.push(row)
      } else outcomes[index] = 'existed'
    }
    if (counted.length > 0) yield this.#statements.insertLedger(counted, now)
    // Those that existed too: it costs little, and mends a file that has been damaged.
    const journalled = present.filter(hasContent)
    if (journalled.length > 0) yield this.#statements.insertContents(journalled)
    for (const [vaultNo, vaultOwners] of owners) {
      yield* this.#settleVault(
        vaultNo,
        vaultOwners,
        counted.filter((row) => row.vaultNo === vaultNo),
        now,
      )
    }
    yield* this.#settleReservations(changes, now)
    return outcomes
  }

  /** The locks for which their vault has no room, and why. */
  *#locksTooMany<Row extends Storing & { readonly vaultNo: number; readonly type: number }>(
    rows: readonly Row[],
  ): TransactionScript<ReadonlyMap<Row, ProblemError>> {
    const refused = new Map<Row, ProblemError>()
    const locks = rows.filter(({ handle }) => handle.type === 'locks')
    for (const [vaultNo, ofVault] of Map.groupBy(locks, (row) => row.vaultNo)) {
      const [held] = yield* rowsOf(this.#statements.heldOfType(vaultNo, objectTypeCode('locks')))
      let usedBytes = (held?.bytes ?? 0) + (held?.objects ?? 0) * leastFileBytes
      for (const row of ofVault) {
        const requestedBytes = row.bytes + leastFileBytes
        const facts = { limitBytes: mostLockBytes, usedBytes, requestedBytes }
        if (usedBytes + requestedBytes > mostLockBytes)
          refused.set(row, new ProblemError('too-many-locks', facts))
        else usedBytes += requestedBytes
      }
    }
    return refused
  }

  *#settleVault(
    vaultNo: number,
    owners: readonly string[],
    counted: readonly { bytes: number; name: Uint8Array; handle: ObjectHandle }[],
    now: number,
  ): TransactionScript<void> {
    const [clientId] = owners
    if (counted.length === 0 || clientId === undefined) return
    const ofRun = counted.filter((row) => row.handle.type !== 'locks')
    const run = { objects: ofRun.length, bytes: sumOfBytes(ofRun) }
    yield this.#statements.addStored(owners, sumOfBytes(counted), run, now)
    const versions = counted.filter((row) => row.handle.type === 'snapshots')
    if (versions.length > 0) yield this.#statements.noteBackup(vaultNo, now)
    // Of two that arrive together the first brought it all.
    for (const { name } of versions) {
      yield this.#statements.noteRun(clientId, vaultNo, name, now)
      yield this.#statements.beginRun(clientId)
    }
  }

  /** The room held becomes the room used; given back at the levels where it was taken. */
  *#settleReservations(changes: readonly Storing[], now: number): TransactionScript<void> {
    for (const { reservation, access } of changes) {
      if (reservation === undefined) continue
      const gone = yield* rowsOf(this.#statements.deleteReservations([reservation.id]))
      const heldBytes = gone.reduce((sum, row) => sum + row.bytes, 0)
      if (heldBytes === 0) continue
      yield this.#statements.addSpace([access.id, access.customerId, access.resellerId], 0, -heldBytes, now)
    }
  }

  *#trash(change: Trashing, now: number): TransactionScript<PendingMove | null> {
    const { access, handle } = change
    const type = objectTypeCode(handle.type)
    const name = nameBytes(handle)
    const [owners] = yield* rowsOf(this.#statements.ownersOf(access.vaultNo))
    if (owners === undefined) return null
    const [gone] = yield* rowsOf(this.#statements.deleteObject(access.vaultNo, type, name, change.storedAt))
    if (gone === undefined) return null
    const isLock = handle.type === 'locks'
    const number = takeTrashNumbers(now)
    const trashId = isLock ? -number : number
    if (!isLock) {
      const { storedAt, actor, address } = change
      // A version that was received last may need an object that was stored long before.
      const received = Math.max(storedAt, owners.last_backup_at ?? 0)
      const until = Math.max(change.until, received + (change.keepMs ?? 0))
      const trashRow = { vaultNo: access.vaultNo, type, name, bytes: gone.bytes, storedAt, actor, address }
      yield this.#statements.insertTrash({ ...trashRow, id: trashId, trashedAt: now, until })
    }
    yield this.#statements.insertPendingMove(trashId, access.vaultNo, type, name)
    const ledgered = { ...change, vaultNo: access.vaultNo, type, name, bytes: gone.bytes }
    yield this.#statements.insertLedger(
      [{ ...ledgered, change: isLock ? ledgerChange.purged : ledgerChange.trashed }],
      now,
    )
    const accounts = [owners.client_id, owners.customer_id, owners.reseller_id]
    if (isLock) yield this.#statements.addSpace(accounts, -gone.bytes, 0, now)
    else yield this.#statements.addTrash(accounts, gone.bytes, now)
    return { trashId, vaultNo: access.vaultNo, folder: folderOf(access), handle }
  }

  // Inside the write lock, so that no removal comes between the question and the answer.
  *#showing(vaultNo: number, handle: ObjectHandle, incoming: IncomingObject): TransactionScript<boolean> {
    const isStored = yield* isLedgered(this.#statements, vaultNo, handle)
    if (isStored) incoming.showAgain()
    return isStored
  }

  // Inside the write lock, as a process that is alive may be moving the same object.
  *#settlingLeftover(leftover: Leftover): TransactionScript<boolean> {
    const { folder, handle } = leftover
    const vaultNo = Number.parseInt(folder, 10)
    const isStored = yield* isLedgered(this.#statements, vaultNo, handle)
    const [type, name] = [objectTypeCode(handle.type), nameBytes(handle)] as const
    const moves = yield* rowsOf(this.#statements.findPendingMoves(vaultNo, type, name))
    const trashId = moves.find((move) => move.direction === moveDirection.intoTrash)?.trash_id
    if (isStored || trashId !== undefined) leftover.publish()
    else leftover.remove({ published: true })
    if (!isStored && trashId !== undefined) {
      if (trashId < 0) this.#store.remove(folder, handle)
      else this.#store.moveToTrash(folder, handle, trashId, { keepPublished: false })
    }
    return isStored || trashId !== undefined
  }
}

export interface ListedObject {
  readonly name: string
  readonly bytes: number
}

export function folderOf(access: VaultAccess): string {
  return vaultFolder(access.vaultNo, access.clientId)
}

function sumOfBytes(rows: readonly { bytes: number }[]): number {
  return rows.reduce((sum, row) => sum + row.bytes, 0)
}

function hasContent<Row extends { readonly content: Uint8Array | null }>(
  row: Row,
): row is Row & { readonly content: Uint8Array } {
  return row.content !== null
}
