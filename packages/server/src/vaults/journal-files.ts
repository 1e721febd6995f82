import { setImmediate as pause } from 'node:timers/promises'
import type { ObjectHandle, VaultStore } from '@granary/object-store'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import type { Log } from '../platform/log.ts'
import { isJournalled } from './content-journal.ts'
import { LedgerStatements, ledgerChange } from './ledger-statements.ts'
import { nameText, objectTypeOf, vaultFolder, wholeVaultCode } from './object-names.ts'
import { withdrawUnledgered } from './withdraw-object.ts'

/** Contents read at once. */
const readRows = 500
/** Files made without giving up the thread, which hands new connections to the workers. */
const madeAtOnce = 25
/** Files that are flushed together at the latest when there are so many, or the first of them is so old. */
const flushedFiles = 8192
const flushedAfterMs = 30_000
/** What the disk refused is tried again so often: one that was full has room as soon as somebody makes some. */
const triedAgainAfterMs = 1000
/** Contents forgotten in one transaction, during which no upload is ledgered. */
const forgottenAtOnce = 50

interface ObjectKey {
  readonly vault_no: number
  readonly type: number
  readonly name: Uint8Array
}

/** A waiting content, and where the ledger says that its bytes are: under its name, and in entries of the trash. */
interface Journalled extends ObjectKey {
  readonly seq: number
  /** null when the client is gone for good */
  readonly client_id: string | null
  readonly content: Uint8Array
  readonly is_stored: number
  /** Their numbers in JSON */
  readonly trash_ids: string
}

type JournalFile = Omit<Journalled, 'content'>

interface Refused {
  readonly seq: number
  readonly error: unknown
}

/** Files that were made since the last flush, and what the ledger has moved since the first of them. */
interface Round {
  readonly beganAt: number
  readonly files: JournalFile[]
  readonly moved: Set<string>
  ledgerSeq: number
  /** Contents whose files the disk refused; those that were tried last come last */
  readonly refused: Set<number>
  /** When they were tried last */
  refusedAt: number
}

/**
 * Gives the objects in the journal their files, and takes their contents out of it when the files are durable. The files
 * of a round are flushed all together, half a minute after the first: by then the system has written most of them by
 * itself. What a power cut takes before that is made again from the journal at the next start.
 *
 * What the disk refuses keeps its content in the journal, is tried again, and keeps nothing else waiting.
 *
 * One process only does this, one call after the other.
 */
export class JournalFiles {
  readonly #database: Database
  readonly #store: VaultStore
  readonly #log: Log
  readonly #statements: LedgerStatements
  readonly #isUsed: boolean
  #madeUntil = 0
  #round: Round | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(database: Database, store: VaultStore, log: Log) {
    this.#database = database
    this.#store = store
    this.#log = log
    this.#statements = new LedgerStatements(database)
    this.#isUsed = isJournalled(database, store)
  }

  /** Makes the files that are missing, and flushes a round that is due. */
  tend(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#makeFiles()
      const round = this.#round
      if (round === undefined) return
      if (round.files.length >= flushedFiles || performance.now() - round.beganAt >= flushedAfterMs)
        await this.#finish(round)
    })
  }

  /** Makes all files durable and leaves nothing in the journal, unless something is moved at the very moment. */
  empty(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#makeFiles()
      if (this.#round !== undefined) await this.#finish(this.#round)
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    if (!this.#isUsed) return Promise.resolve()
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => {})
    return turn
  }

  async #makeFiles(): Promise<void> {
    const queries = this.#database.queries
    if (this.#round !== undefined) await this.#tryAgain(this.#round)
    for (;;) {
      // Before the journal is read, so that no move falls between.
      const ledgerSeq = this.#round?.ledgerSeq ?? (await lastLedgerSeq(queries))
      const rows = await readJournal(queries, this.#madeUntil)
      if (rows.length === 0) return
      this.#round ??= {
        ...{ beganAt: performance.now(), files: [], moved: new Set() },
        ...{ ledgerSeq, refused: new Set(), refusedAt: 0 },
      }
      const refused = await this.#makeFilesOf(rows, this.#round)
      const [first] = refused
      if (first === undefined) continue
      const facts = { err: first.error, objects: refused.length }
      this.#log.error(facts, 'Small objects could not be given their files; the journal keeps them')
    }
  }

  async #tryAgain(round: Round): Promise<void> {
    if (round.refused.size === 0 || performance.now() - round.refusedAt < triedAgainAfterMs) return
    const seqs = [...round.refused].slice(0, readRows)
    for (const seq of seqs) round.refused.delete(seq)
    await this.#makeFilesOf(await readContents(this.#database.queries, seqs), round)
  }

  /** @returns those that the disk refused */
  async #makeFilesOf(rows: readonly Journalled[], round: Round): Promise<readonly Refused[]> {
    const made: JournalFile[] = []
    const unledgered = new Set<JournalFile>()
    const refused: Refused[] = []
    for (const [index, row] of rows.entries()) {
      const { content: _, ...file } = row
      try {
        putFiles(this.#store, row)
        if (this.#liesUnledgered(file)) unledgered.add(file)
        made.push(file)
      } catch (error) {
        refused.push({ seq: row.seq, error })
      }
      this.#madeUntil = Math.max(this.#madeUntil, row.seq)
      if (index % madeAtOnce === madeAtOnce - 1) await pause()
    }
    noteMoves(round, await movesSince(this.#database.queries, round.ledgerSeq).execute())
    for (const file of made) {
      try {
        if (isMoved(round, file) || unledgered.has(file))
          await this.#database.run(() => this.#takeBack(file), { durable: false })
        round.files.push(file)
      } catch (error) {
        refused.push({ seq: file.seq, error })
      }
    }
    for (const { seq } of refused) round.refused.add(seq)
    if (refused.length > 0) round.refusedAt = performance.now()
    return refused
  }

  /** As where this process died after it had made a file of what was removed meanwhile. */
  #liesUnledgered(file: JournalFile): boolean {
    if (file.is_stored || file.client_id === null) return false
    const { folder, handle } = placeOf(file, file.client_id)
    return this.#store.bytes(folder, handle) !== null
  }

  /** Removes a file that was made just after its object had been removed, when there was no file to remove. */
  *#takeBack(file: JournalFile): TransactionScript<void> {
    if (file.client_id === null) return
    const { folder, handle } = placeOf(file, file.client_id)
    yield* withdrawUnledgered(this.#statements, this.#store, { vaultNo: file.vault_no, folder, handle })
    const trashIds: number[] = JSON.parse(file.trash_ids)
    if (trashIds.length === 0) return
    const known = yield* rowsOf(this.#statements.findTrash(file.vault_no, file.type, file.name))
    for (const trashId of trashIds)
      if (!known.some(({ id }) => id === trashId)) this.#store.purge(folder, handle, trashId)
  }

  async #finish(round: Round): Promise<void> {
    await this.#store.flush()
    const queries = this.#database.queries
    for (let i = 0; i < round.files.length; i += forgottenAtOnce) {
      noteMoves(round, await movesSince(queries, round.ledgerSeq).execute())
      const files = round.files.slice(i, i + forgottenAtOnce)
      await this.#database.run(() => forget(queries, files, round), { durable: false })
      await pause()
    }
    // What was moved is looked at again, and what the disk refused.
    const again = round.files.filter((file) => isMoved(round, file)).map(({ seq }) => seq)
    again.push(...round.refused)
    if (again.length > 0) this.#madeUntil = again.reduce((first, seq) => Math.min(first, seq)) - 1
    this.#round = undefined
  }
}

async function lastLedgerSeq(queries: Kysely<Schema>): Promise<number> {
  const { last } = await queries
    .selectFrom('ledger')
    .select((eb) => eb.fn.max<number | null>('seq').as('last'))
    .executeTakeFirstOrThrow()
  return last ?? 0
}

function readJournal(queries: Kysely<Schema>, after: number): Promise<readonly Journalled[]> {
  return journalled(queries).where('j.seq', '>', after).orderBy('j.seq').limit(readRows).execute()
}

function readContents(queries: Kysely<Schema>, seqs: readonly number[]): Promise<readonly Journalled[]> {
  return journalled(queries).where('j.seq', 'in', seqs).execute()
}

function journalled(queries: Kysely<Schema>) {
  return queries
    .selectFrom('content_journal as j')
    .leftJoin('clients as c', 'c.vault_no', 'j.vault_no')
    .select(['j.seq', 'j.vault_no', 'c.client_id', 'j.type', 'j.name', 'j.content'])
    .select([
      sql<number>`exists (select 1 from objects as o
        where o.vault_no = j.vault_no and o.type = j.type and o.name = j.name)`.as('is_stored'),
      sql<string>`(select coalesce(json_group_array(t.id), '[]') from trash as t
        where t.vault_no = j.vault_no and t.type = j.type and t.name = j.name)`.as('trash_ids'),
    ])
}

function putFiles(store: VaultStore, row: Journalled): void {
  if (row.client_id === null) return
  const { folder, handle } = placeOf(row, row.client_id)
  if (row.is_stored) store.put(folder, handle, row.content, { trashId: null })
  // Its move may be under way: an entry that is empty yet is filled here or there with the same.
  for (const trashId of JSON.parse(row.trash_ids)) store.put(folder, handle, row.content, { trashId })
}

function movesSince(queries: Kysely<Schema>, ledgerSeq: number) {
  return queries
    .selectFrom('ledger')
    .select(['seq', 'vault_no', 'type', 'name', 'change'])
    .where('seq', '>', ledgerSeq)
}

function noteMoves(round: Round, rows: readonly (ObjectKey & { seq: number; change: number })[]): void {
  for (const row of rows) {
    round.ledgerSeq = Math.max(round.ledgerSeq, row.seq)
    if (row.change === ledgerChange.stored) continue
    round.moved.add(row.type === wholeVaultCode ? `${row.vault_no}` : keyOf(row))
  }
}

function isMoved(round: Round, file: ObjectKey): boolean {
  return round.moved.has(keyOf(file)) || round.moved.has(`${file.vault_no}`)
}

/** Takes contents out of the journal whose files are durable; those of what was moved stay for the next round. */
function* forget(
  queries: Kysely<Schema>,
  files: readonly JournalFile[],
  round: Round,
): TransactionScript<void> {
  noteMoves(round, yield* rowsOf(movesSince(queries, round.ledgerSeq).compile()))
  const settled = files.filter((file) => !isMoved(round, file)).map(({ seq }) => seq)
  if (settled.length > 0) yield queries.deleteFrom('content_journal').where('seq', 'in', settled).compile()
}

function keyOf(row: ObjectKey): string {
  return `${row.vault_no} ${row.type} ${nameText(row.name)}`
}

function placeOf(row: ObjectKey, clientId: string): { folder: string; handle: ObjectHandle } {
  return {
    folder: vaultFolder(row.vault_no, clientId),
    handle: { type: objectTypeOf(row.type), name: nameText(row.name) },
  }
}
