import { createHash } from 'node:crypto'
import { ObjectNotFoundError } from '@granary/object-store'
import type { BlobIndex } from '../../index/blob-index.ts'
import type { EntriesByPack } from '../../index/entries-by-pack.ts'
import type { Repository } from '../../repository.ts'
import { PartMemory } from '../../workers/part-memory.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import type { VerifiedPart, VerifyPart } from './verify-jobs.ts'

export interface PackReport {
  readonly packId: string
  /** What is wrong with it, in words. */
  readonly errors: readonly string[]
  /** Folders in it in which all is well, see `SoundTrees`. */
  readonly soundTrees: readonly Uint32Array[]
}

/** Packs are read in parts of about this size, whole blobs each: so many packs are more than memory should hold. */
const partBytes = 4 * 1024 * 1024
const packsAtOnce = 2
/** Parts that are read, or wait to be verified, while each thread verifies one. */
const partsAhead = 2

/** Reads all of some packs, and lets the threads verify every byte of them. */
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
    if (pending.length < packsAtOnce) continue
    const first = await pending.shift()
    if (first) yield first
  }
  for (const report of pending) yield await report
}

class PackReader {
  readonly #repository: Repository
  readonly #byPack: EntriesByPack
  readonly #pool: WorkerPool
  readonly #memory: PartMemory

  constructor(repository: Repository, byPack: EntriesByPack, pool: WorkerPool) {
    this.#repository = repository
    this.#byPack = byPack
    this.#pool = pool
    this.#memory = new PartMemory(pool.threads + partsAhead)
  }

  async read(packId: string): Promise<PackReport> {
    const packNumber = this.#repository.index.numberOfPack(packId)
    const packBytes = this.#byPack.packBytes(packNumber)
    const entries = this.#byPack.inOrder(packNumber)
    const hash = createHash('sha256')
    const verified: Promise<VerifiedPart>[] = []
    try {
      for (const part of partsOf(this.#repository.index, entries, packBytes)) {
        const { verifying } = await this.#readPart(packId, part, packNumber, hash)
        // Thrown where it is awaited.
        verifying.catch(() => {})
        verified.push(verifying)
      }
    } catch (error) {
      const isGone = error instanceof ObjectNotFoundError
      if (!isGone && !(error instanceof RangeError)) throw error
      return { packId, errors: [isGone ? 'it has vanished' : 'it has become shorter'], soundTrees: [] }
    }
    const parts = await Promise.all(verified)
    const isOther = hash.digest('hex') !== packId
    return {
      packId,
      errors: [
        ...(isOther ? ['its content is not what it was named after'] : []),
        ...parts.flatMap(({ headerError }) => headerError ?? []),
        ...parts.flatMap(({ errors }) => errors),
      ],
      soundTrees: parts.map(({ soundTrees }) => soundTrees),
    }
  }

  /** Reads and hashes a part, and begins to verify it. */
  async #readPart(
    packId: string,
    { from, to, entries, tail }: PackPart,
    packNumber: number,
    hash: ReturnType<typeof createHash>,
  ): Promise<{ readonly verifying: Promise<VerifiedPart> }> {
    const memory = await this.#memory.take(to - from)
    try {
      const content = await this.#readInto(
        packId,
        { offset: from, length: to - from },
        new Uint8Array(memory),
      )
      hash.update(content)
      const job: VerifyPart = { packNumber, content, from, entries, ...(tail ? { tail } : {}) }
      const verifying = this.#pool.run<VerifiedPart>('verifyPart', job)
      return { verifying: verifying.finally(() => this.#memory.give(memory)) }
    } catch (error) {
      this.#memory.give(memory)
      throw error
    }
  }

  async #readInto(
    packId: string,
    range: { offset: number; length: number },
    memory: Uint8Array,
  ): Promise<Uint8Array> {
    const content = await this.#repository.store.read({ type: 'data', name: packId }, range, memory)
    if (content.buffer === memory.buffer || content.length > memory.length) return content
    memory.set(content)
    return memory.subarray(0, content.length)
  }
}

interface PackPart {
  readonly from: number
  readonly to: number
  readonly entries: Uint32Array
  /** Of the last part, which the header is in. */
  readonly tail?: VerifyPart['tail']
}

/** @param entries in the order in which their blobs lie in the pack */
function* partsOf(index: BlobIndex, entries: Uint32Array, packBytes: number): Generator<PackPart> {
  let [from, first] = [0, 0]
  for (const [nth, entry] of entries.entries()) {
    const start = index.offsetOf(entry)
    const end = start + index.lengthBytesOf(entry)
    if (nth === first || end - from <= partBytes) continue
    yield { from, to: start, entries: entries.slice(first, nth) }
    from = start
    first = nth
  }
  const tail = { packBytes, blobs: entries.length }
  yield { from, to: packBytes, entries: entries.slice(first), tail }
}

/** The bytes in memory that belongs to nothing else, so that a thread may take it. */
export function ownMemory(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = content
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === content.length
  return isOwn ? new Uint8Array(buffer) : new Uint8Array(content)
}
