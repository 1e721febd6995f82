import type { IncomingObject, ObjectHandle, VaultStore } from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import { spareRoom } from './expect-room.ts'

/** Contents up to this size are journalled; beyond, flushing a file costs less than writing it twice. */
const journalledBytes = 16 * 1024
/** Contents that may wait for their files to be flushed. Beyond, a disk that can't keep up is waited for. */
const mostWaiting = 16_384
/** How old the number of those that wait may be. */
const waitingFreshMs = 100

/**
 * Decides which objects are acknowledged as soon as their content is durable in the ledger's own transaction. One flush
 * of the database's log then stands for three (file, folder, log), and is shared by all uploads that wait for it.
 * `JournalFiles` gives them their files a moment later.
 *
 * On SQLite only: there the objects lie on the machine of the database, so the process that makes the files is the one
 * that has the contents.
 */
export class ContentJournal {
  readonly #database: Database
  readonly #store: VaultStore
  readonly #isUsed: boolean
  #waiting = 0
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(database: Database, store: VaultStore) {
    this.#database = database
    this.#store = store
    this.#isUsed = isJournalled(database, store)
  }

  /** @returns the content to be ledgered with the object, or null when it has to have its file first */
  take(folder: string, handle: ObjectHandle, incoming: IncomingObject): Uint8Array | null {
    // Of a config the first one stays, and which one that is, the file decides.
    if (!this.#isUsed || handle.type === 'config' || incoming.receivedBytes > journalledBytes) return null
    return this.#hasRoom(folder) ? incoming.smallContent() : null
  }

  #hasRoom(folder: string): boolean {
    const now = performance.now()
    if (now - this.#askedAt > waitingFreshMs) {
      this.#askedAt = now
      const [row] = this.#database.read<{ waiting: number | null }>(waitingQuery) as {
        waiting: number | null
      }[]
      this.#waiting = row?.waiting ?? 0
    }
    // On a disk that runs full they get their files first, or those that come later would take what is kept free.
    const spare = spareRoom({ store: this.#store, database: this.#database }, folder)
    const most = Math.min(spare.bytes / journalledBytes, spare.files)
    return this.#waiting < mostWaiting && this.#waiting <= most
  }
}

// Each end of the table is one seek; both in one select would read all of it. What the disk refuses stays while others
// come and go, and the ends lie apart then: only where they lie far apart are the contents counted, and no more than matter.
const waitingQuery = {
  sql: `select case when latest - earliest < ${mostWaiting} then latest - earliest
      else (select count(*) from (select 1 from content_journal limit ${mostWaiting})) end as waiting
    from (select (select max(seq) from content_journal) as latest, (select min(seq) from content_journal) as earliest)`,
  parameters: [],
}

export function isJournalled(database: Database, store: VaultStore): boolean {
  return database.kind === 'sqlite' && store.canFlush
}
