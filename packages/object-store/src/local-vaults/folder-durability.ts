import { closeSync, constants, fsync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const syncFile = promisify(fsync)

/** Folders kept open; opening one for each upload would cost as much as the rest of publishing it. */
const keptFolders = 512

interface KeptFolder {
  readonly descriptor: number
  users: number
  running: Promise<void> | undefined
  next: Promise<void> | undefined
}

/** Makes the entries of folders durable, with their descriptors kept and simultaneous requests for one folder shared. */
export class FolderDurability {
  /** In order of last use. */
  readonly #folders = new Map<string, KeptFolder>()
  /** Folders that were made, and those above whose entries for them are not known to be durable yet. */
  readonly #made = new Map<string, readonly string[]>()

  /** Makes a folder and those above it at once; `flush` of it makes them durable. */
  make(folder: string): void {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    const above: string[] = []
    for (let entry = folder; ; entry = path.dirname(entry)) {
      above.push(path.dirname(entry))
      if (entry === first) break
    }
    this.#made.set(folder, above)
  }

  /** Resolves when every entry made in or removed from the folder before the call is durable, and the folder itself. */
  async flush(folder: string): Promise<void> {
    const above = this.#made.get(folder)
    if (above === undefined) return this.#flushEntries(folder)
    await Promise.all([folder, ...above].map((each) => this.#flushEntries(each)))
    if (this.#made.get(folder) === above) this.#made.delete(folder)
  }

  async #flushEntries(folder: string): Promise<void> {
    const kept = this.#keep(folder)
    kept.users += 1
    try {
      await this.#flushKept(kept)
    } catch (error) {
      // What is open may lie on a disk that is gone; the next one opens what is there then.
      if (this.#folders.get(folder) === kept) this.#folders.delete(folder)
      throw error
    } finally {
      kept.users -= 1
      if (kept.users === 0 && this.#folders.get(folder) !== kept) closeSync(kept.descriptor)
    }
  }

  #flushKept(kept: KeptFolder): Promise<void> {
    if (kept.running === undefined) return this.#start(kept)
    kept.next ??= kept.running.then(
      () => this.#start(kept),
      () => this.#start(kept),
    )
    return kept.next
  }

  #start(kept: KeptFolder): Promise<void> {
    kept.next = undefined
    const running = syncFile(kept.descriptor).finally(() => {
      if (kept.running === running) kept.running = undefined
    })
    kept.running = running
    return running
  }

  #keep(folder: string): KeptFolder {
    const known = this.#folders.get(folder)
    if (known) {
      this.#folders.delete(folder)
      this.#folders.set(folder, known)
      return known
    }
    const kept: KeptFolder = {
      descriptor: openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY),
      users: 0,
      running: undefined,
      next: undefined,
    }
    this.#folders.set(folder, kept)
    if (this.#folders.size > keptFolders) this.#letGoOfOldest()
    return kept
  }

  #letGoOfOldest(): void {
    for (const [folder, kept] of this.#folders) {
      if (kept.users > 0) continue
      closeSync(kept.descriptor)
      this.#folders.delete(folder)
      return
    }
  }

  close(): void {
    // One that is being flushed is closed after that.
    for (const kept of this.#folders.values()) if (kept.users === 0) closeSync(kept.descriptor)
    this.#folders.clear()
  }
}

/** Makes the entries of one folder durable at once; for what is rare. */
export function flushFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
