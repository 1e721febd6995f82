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
  /** Folders just made, whose own entry in the folder above is not durable yet. */
  readonly #made = new Map<string, Promise<void>>()

  /** Makes a folder and those above it at once; `flush` of it waits until they are durable. */
  make(folder: string): void {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    const above: string[] = []
    for (let entry = folder; ; entry = path.dirname(entry)) {
      above.push(path.dirname(entry))
      if (entry === first) break
    }
    const durable = Promise.all(above.map((each) => this.#flushEntries(each))).then(() => {
      this.#made.delete(folder)
    })
    // Whoever flushes the folder learns of a failure; until then it is kept.
    durable.catch(() => {})
    this.#made.set(folder, durable)
  }

  /** Resolves when every entry made in or removed from the folder before the call is durable, and the folder itself. */
  async flush(folder: string): Promise<void> {
    const made = this.#made.get(folder)
    if (made === undefined) return this.#flushEntries(folder)
    await Promise.all([made, this.#flushEntries(folder)])
  }

  async #flushEntries(folder: string): Promise<void> {
    const kept = this.#keep(folder)
    kept.users += 1
    try {
      await this.#flushKept(kept)
    } finally {
      kept.users -= 1
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
    for (const kept of this.#folders.values()) closeSync(kept.descriptor)
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
