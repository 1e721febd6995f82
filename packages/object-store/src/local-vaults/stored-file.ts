import { closeSync, fstatSync, open as openLater, openSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import type { StoredObject } from '../vault-store.ts'
import { hasCode } from './file-errors.ts'
import type { Promptness } from './promptness.ts'

const openAsync = promisify(openLater)
const readAsync = promisify(read)

/** Opens a file for reading; null when there is none. */
export function openStored(
  path: string,
  promptness: Promptness,
): StoredObject | null | Promise<StoredObject | null> {
  return promptness.run(
    () => {
      try {
        return new StoredFile(openSync(path, 'r'), promptness)
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null
        throw error
      }
    },
    async () => {
      try {
        return new StoredFile(await openAsync(path, 'r'), promptness)
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null
        throw error
      }
    },
  )
}

/** What whole files are read into, so that each costs only memory of its own size. */
let scratch = Buffer.allocUnsafeSlow(0)

class StoredFile implements StoredObject {
  readonly #descriptor: number
  readonly #promptness: Promptness
  #bytes: number | undefined

  constructor(descriptor: number, promptness: Promptness) {
    this.#descriptor = descriptor
    this.#promptness = promptness
  }

  get bytes(): number {
    this.#bytes ??= fstatSync(this.#descriptor).size
    return this.#bytes
  }

  readWhole(mostBytes: number): Buffer | null {
    if (scratch.length <= mostBytes) scratch = Buffer.allocUnsafeSlow(mostBytes + 1)
    const bytesRead = readSync(this.#descriptor, scratch, 0, mostBytes + 1, 0)
    if (bytesRead > mostBytes) return null
    return Buffer.from(scratch.subarray(0, bytesRead))
  }

  readNow(offset: number, length: number): Buffer {
    const target = Buffer.allocUnsafe(length)
    let filled = 0
    while (filled < length) {
      const bytesRead = readSync(this.#descriptor, target, filled, length - filled, offset + filled)
      if (bytesRead === 0) throw new Error('A stored file is shorter than it was a moment ago')
      filled += bytesRead
    }
    return target
  }

  read(target: Uint8Array, position: number): number | Promise<number> {
    return this.#promptness.run(
      () => readSync(this.#descriptor, target, 0, target.length, position),
      async () => (await readAsync(this.#descriptor, target, 0, target.length, position)).bytesRead,
    )
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}
