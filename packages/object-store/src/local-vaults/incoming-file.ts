import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fsync,
  fsyncSync,
  link,
  linkSync,
  open,
  openSync,
  unlinkSync,
  writeSync,
  writev,
} from 'node:fs'
import { promisify } from 'node:util'
import type { ObjectHandle } from '../object-store.ts'
import { type IncomingObject, smallBytes } from '../vault-store.ts'
import { asStorageError, hasCode } from './file-errors.ts'
import type { FolderDurability } from './folder-durability.ts'
import { type Gathering, slabBytes } from './gathering.ts'
import type { Promptness } from './promptness.ts'

const openFile = promisify(open)
const linkFile = promisify(link)
const writeAll = promisify(writev)
const syncFile = promisify(fsync)

/** What an incoming file needs to know of the store it belongs to. */
export interface IncomingPlace {
  readonly handle: ObjectHandle
  /** Where it lies until the ledger has it. */
  readonly temporary: string
  readonly published: string
  readonly publishedFolder: string
  /** Makes the folders of the vault, durably. */
  prepareVault(): Promise<void>
  readonly folders: FolderDurability
  readonly gathering: Gathering
  readonly promptness: Promptness
}

/**
 * One upload into the local store: gathered, hashed, written beside the vaults, flushed, and then linked under
 * its name. A link never replaces anything, and the temporary name that stays until the ledger has the object
 * tells a later start what was under way. The file is opened at the first write, so a small object costs
 * nothing before all of it is there.
 */
export class IncomingFile implements IncomingObject {
  readonly #place: IncomingPlace
  readonly #hash: Hash = createHash('sha256')
  #descriptor: number | undefined
  /** Whether the file has ever been there. */
  #isMade = false
  /** Chunks as they came, while the object is small. */
  #chunks: Uint8Array[] = []
  /** Slabs being filled; all but the last are full. */
  #slabs: Buffer[] = []
  /** Bytes in the last slab. */
  #filled = 0
  #receivedBytes = 0
  #writing: Promise<void> | undefined
  #failure: unknown
  #gathers = true

  constructor(place: IncomingPlace) {
    this.#place = place
    place.gathering.begin()
  }

  get receivedBytes(): number {
    return this.#receivedBytes
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure
    this.#hash.update(chunk)
    this.#receivedBytes += chunk.length
    if (this.#receivedBytes <= smallBytes) {
      this.#chunks.push(chunk)
      return undefined
    }
    for (const small of this.#chunks.splice(0)) this.#gather(small)
    this.#gather(chunk)
    if (this.#slabs.length < this.#place.gathering.slabs || this.#filled < slabBytes / 2) return undefined
    if (this.#writing === undefined) {
      this.#writing = this.#writeGathered()
      return undefined
    }
    // Two gatherings are full: the sender waits until one of them is on its way.
    return this.#writing.then(() => {
      if (this.#failure !== undefined) throw this.#failure
      this.#writing ??= this.#writeGathered()
    })
  }

  #gather(chunk: Uint8Array): void {
    let taken = 0
    while (taken < chunk.length) {
      if (this.#slabs.length === 0 || this.#filled === slabBytes) {
        this.#slabs.push(this.#place.gathering.take())
        this.#filled = 0
      }
      const slab = this.#slabs.at(-1) as Buffer
      const part = Math.min(slabBytes - this.#filled, chunk.length - taken)
      slab.set(part === chunk.length ? chunk : chunk.subarray(taken, taken + part), this.#filled)
      this.#filled += part
      taken += part
    }
  }

  digest(): Buffer {
    return this.#hash.digest()
  }

  smallContent(): Uint8Array | null {
    return this.#receivedBytes <= smallBytes ? joined(this.#chunks) : null
  }

  async persist(): Promise<void> {
    try {
      await this.#writing
      if (this.#failure !== undefined) throw this.#failure
      await this.#writeGathered()
      if (this.#failure !== undefined) throw this.#failure
      const descriptor = await this.#opened()
      const { gathering, promptness } = this.#place
      await promptness.flush(
        gathering.isAlone,
        () => fsyncSync(descriptor),
        () => syncFile(descriptor),
      )
    } catch (error) {
      throw asStorageError(error)
    } finally {
      this.#closeFile()
    }
  }

  async publish(): Promise<{ existed: boolean }> {
    try {
      return { existed: !(await this.#link()) }
    } catch (error) {
      throw asStorageError(error)
    }
  }

  settle(): Promise<void> {
    return this.#place.folders.flush(this.#place.publishedFolder)
  }

  isShown(): boolean {
    return existsSync(this.#place.published)
  }

  showAgain(): void {
    try {
      linkSync(this.#place.temporary, this.#place.published)
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw asStorageError(error)
    }
  }

  async release(): Promise<void> {
    this.#stopGathering()
    unlinkSync(this.#place.temporary)
  }

  async discard(): Promise<void> {
    this.#stopGathering()
    await this.#writing
    this.#place.gathering.giveBack(this.#slabs.splice(0))
    this.#chunks = []
    this.#closeFile()
    if (this.#isMade) unlinkSync(this.#place.temporary)
  }

  /** @returns whether the name was free */
  async #link(): Promise<boolean> {
    const { temporary, published, promptness } = this.#place
    for (let attempt = 0; ; attempt += 1) {
      try {
        await promptness.run(
          () => linkSync(temporary, published),
          () => linkFile(temporary, published),
        )
        return true
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false
        if (!hasCode(error, 'ENOENT') || attempt > 0) throw error
        await this.#place.prepareVault()
      }
    }
  }

  /** Writes what is gathered; a failure is kept for the next call, as nobody may be waiting for this one. */
  async #writeGathered(): Promise<void> {
    const slabs = this.#slabs
    const filled = this.#filled
    this.#slabs = []
    this.#filled = 0
    try {
      const descriptor = await this.#opened()
      if (slabs.length > 0) await writeWhole(descriptor, withoutRest(slabs, filled))
      else if (this.#chunks.length > 0) writeSmall(descriptor, this.#chunks.splice(0))
    } catch (error) {
      this.#failure ??= asStorageError(error)
    } finally {
      this.#place.gathering.giveBack(slabs)
      this.#writing = undefined
    }
  }

  async #opened(): Promise<number> {
    if (this.#descriptor !== undefined) return this.#descriptor
    const { temporary, promptness } = this.#place
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
    this.#descriptor = await promptness.run(
      () => openSync(temporary, flags, 0o600),
      () => openFile(temporary, flags, 0o600),
    )
    this.#isMade = true
    return this.#descriptor
  }

  #closeFile(): void {
    if (this.#descriptor === undefined) return
    closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #stopGathering(): void {
    if (this.#gathers) this.#place.gathering.end()
    this.#gathers = false
  }
}

function withoutRest(slabs: readonly Buffer[], filled: number): Buffer[] {
  return slabs.map((slab, index) => (index === slabs.length - 1 ? slab.subarray(0, filled) : slab))
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}

/** A little goes into the system's memory sooner than another thread could take it over. */
function writeSmall(descriptor: number, chunks: Uint8Array[]): void {
  const content = joined(chunks)
  let written = 0
  while (written < content.length) written += writeSync(descriptor, content, written)
}

/** A disk that fills up writes a part before it says so. */
async function writeWhole(descriptor: number, buffers: readonly Buffer[]): Promise<void> {
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
  let { bytesWritten } = await writeAll(descriptor, buffers)
  while (bytesWritten < bytes) {
    const rest = Buffer.concat(buffers).subarray(bytesWritten)
    bytesWritten += (await writeAll(descriptor, [rest])).bytesWritten
  }
}
