import { ObjectNotFoundError } from '@granary/object-store'
import type { EntriesByPack } from '../../index/entries-by-pack.ts'
import type { Repository } from '../../repository.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import type { VerifiedPack, VerifyBlobs, VerifyPack } from './verify-jobs.ts'

export interface PackReport {
  readonly packId: string
  /** What is wrong with it, in words. */
  readonly errors: readonly string[]
  /** Folders in it in which all is well, see `SoundTrees`. */
  readonly soundTrees: Uint32Array
}

/** Packs that are read while each thread verifies one; each is in memory as a whole. */
const packsAhead = 1

/** Reads packs as a whole, and lets the threads verify every byte of them. */
export async function* readPacks(
  repository: Repository,
  byPack: EntriesByPack,
  packIds: readonly string[],
  givenPool?: WorkerPool,
): AsyncGenerator<PackReport> {
  await using resources = new AsyncDisposableStack()
  const pool = givenPool ?? resources.use(new WorkerPool())
  const { masterKey, index } = repository
  await pool.begin('verify', { masterKey, index: index.share() })
  const reader = new PackReader(repository, byPack, pool)
  const pending: Promise<PackReport>[] = []
  for (const packId of packIds) {
    const report = reader.read(packId)
    // Thrown where it is awaited, which may be later.
    report.catch(() => {})
    pending.push(report)
    if (pending.length < pool.threads + packsAhead) continue
    const first = await pending.shift()
    if (first) yield first
  }
  for (const report of pending) yield await report
}

class PackReader {
  readonly #repository: Repository
  readonly #byPack: EntriesByPack
  readonly #pool: WorkerPool
  /** Memory that packs were read into, and that is free again. */
  readonly #free: SharedArrayBuffer[] = []

  constructor(repository: Repository, byPack: EntriesByPack, pool: WorkerPool) {
    this.#repository = repository
    this.#byPack = byPack
    this.#pool = pool
  }

  async read(packId: string): Promise<PackReport> {
    const packNumber = this.#repository.index.numberOfPack(packId)
    const memory = this.#take(this.#byPack.packBytes(packNumber))
    try {
      const content = await this.#readInto(packId, new Uint8Array(memory))
      const blobCount = this.#byPack.of(packNumber).length
      const job: VerifyPack = { packId, packNumber, blobCount, content }
      const { errors, needsList, soundTrees } = await this.#pool.run<VerifiedPack>('verifyPack', job)
      if (!needsList) return { packId, errors, soundTrees }
      const list: VerifyBlobs = { content, blobs: this.#byPack.blobsOf(packNumber) }
      const blobErrors = await this.#pool.run<string[]>('blobErrors', list)
      return { packId, errors: [...errors, ...blobErrors], soundTrees }
    } catch (error) {
      if (!(error instanceof ObjectNotFoundError)) throw error
      return { packId, errors: ['it has vanished'], soundTrees: new Uint32Array() }
    } finally {
      this.#free.push(memory)
    }
  }

  async #readInto(packId: string, memory: Uint8Array): Promise<Uint8Array> {
    const content = await this.#repository.store.read({ type: 'data', name: packId }, undefined, memory)
    if (content.buffer === memory.buffer || content.length > memory.length) return content
    memory.set(content)
    return memory.subarray(0, content.length)
  }

  /** Shared by all threads and used again: nothing is copied, and nothing is left for the collector. */
  #take(bytes: number): SharedArrayBuffer {
    const last = this.#free.pop()
    return last && last.byteLength >= bytes ? last : new SharedArrayBuffer(Math.max(bytes, usualPackBytes))
  }
}

/** Pages that are not touched cost nothing. */
const usualPackBytes = 24 * 1024 * 1024

/** The bytes in memory that belongs to nothing else, so that a thread may take it. */
export function ownMemory(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = content
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === content.length
  return isOwn ? new Uint8Array(buffer) : new Uint8Array(content)
}
