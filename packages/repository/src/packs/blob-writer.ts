import type { ObjectStore } from '@granary/object-store'
import type { RepositoryCipher } from '../crypto/repository-cipher.ts'
import { BlobEncoder, defaultCompressionLevel } from '../format/blob.ts'
import type { BlobType } from '../format/pack.ts'
import type { BlobIndex } from '../index/blob-index.ts'
import type { Primitives } from '../primitives/primitives.ts'
import { AtOnce } from '../workers/at-once.ts'
import { freeMemory } from '../workers/free-memory.ts'
import { IndexWriter } from './index-writer.ts'
import { type FinishedPack, PackBuilder } from './pack-builder.ts'

/** restic has five, on disk; ours are in memory. */
const uploadsAtOnce = 3
const defaultCheckpointMs = 60_000

export interface BlobWriterParts {
  readonly store: ObjectStore
  readonly primitives: Primitives
  readonly cipher: RepositoryCipher
  readonly version: 1 | 2
  /** Learns of every blob at once; a blob that it knows is not written again. */
  readonly index: BlobIndex
  readonly saveIndexFile: (indexFile: Uint8Array) => Promise<string>
}

export interface BlobWriterOptions {
  readonly compressionLevel?: number
  /** Target size of a pack. */
  readonly packBytes?: number
  /** How long uploads may go without an index file that makes them findable. */
  readonly checkpointMs?: number
  /** Told after each pack is stored. */
  readonly onStored?: (pack: FinishedPack) => void
}

/**
 * Writes blobs: packs them, stores the packs several at once, and indexes what is stored. Packs are stored before
 * the index that names them. `flush` has to be awaited before anything refers to the blobs.
 */
export class BlobWriter {
  readonly #parts: BlobWriterParts
  readonly #options: BlobWriterOptions
  readonly #builders: Record<BlobType, PackBuilder>
  readonly #encoder: BlobEncoder
  readonly #indexWriter: IndexWriter
  readonly #uploads = new AtOnce(uploadsAtOnce)
  // Blobs in packs that are not finished or not stored yet.
  readonly #pending: Record<BlobType, Set<string>> = { data: new Set(), tree: new Set() }

  constructor(parts: BlobWriterParts, options: BlobWriterOptions = {}) {
    this.#parts = parts
    this.#options = options
    const builder = (type: BlobType) =>
      new PackBuilder(parts.primitives, parts.cipher, type, options.packBytes)
    this.#builders = { data: builder('data'), tree: builder('tree') }
    const level = options.compressionLevel ?? defaultCompressionLevel
    this.#encoder = new BlobEncoder(parts.primitives, parts.version === 1 ? 0 : level)
    this.#indexWriter = new IndexWriter(parts.saveIndexFile, options.checkpointMs ?? defaultCheckpointMs)
  }

  /** Whether a blob is stored already, or on its way. */
  has(type: BlobType, id: string): boolean {
    return this.#pending[type].has(id) || this.#parts.index.has(type, id)
  }

  /**
   * Stores a blob, unless the repository has it.
   * @returns its id, and the bytes that it takes up as sealed when it is new
   */
  async save(type: BlobType, plaintext: Uint8Array): Promise<{ id: string; addedBytes: number }> {
    const id = this.#parts.primitives.sha256Hex(plaintext)
    if (this.has(type, id)) return { id, addedBytes: 0 }
    const blob = this.#encoder.encode(plaintext)
    this.#pending[type].add(id)
    this.#builders[type].add(id, blob)
    await this.#storeFull(type)
    return { id, addedBytes: blob.content.length + 32 }
  }

  /** Stores a blob even when the index knows it: its other copies are damaged, or about to go. */
  async saveAgain(type: BlobType, id: string, plaintext: Uint8Array): Promise<void> {
    if (this.#pending[type].has(id)) return
    this.#pending[type].add(id)
    this.#builders[type].add(id, this.#encoder.encode(plaintext))
    await this.#storeFull(type)
  }

  /** Stores a blob as it lay in another pack, even when the index knows it: what prune and repair need. */
  async saveSealed(
    type: BlobType,
    id: string,
    sealed: Uint8Array,
    uncompressedBytes?: number,
  ): Promise<void> {
    if (this.#pending[type].has(id)) return
    this.#pending[type].add(id)
    this.#builders[type].addSealed(id, sealed, uncompressedBytes)
    await this.#storeFull(type)
  }

  /**
   * Stores a pack that was put together elsewhere, and gives its memory back; resolves when there is room for the
   * next one.
   * @throws what an earlier upload failed with
   */
  async storePack(pack: FinishedPack): Promise<void> {
    for (const blob of pack.blobs) this.#pending[blob.type].add(blob.id)
    await this.#uploads.start(async () => {
      await this.#upload(pack)
      freeMemory(pack.content)
    })
  }

  /** Stores such a pack at once, and resolves when it is stored and indexed; its memory may be used again then. */
  async storePackNow(pack: FinishedPack): Promise<void> {
    for (const blob of pack.blobs) this.#pending[blob.type].add(blob.id)
    await this.#upload(pack)
  }

  /** Stores and indexes everything that was saved so far. */
  async flush(): Promise<void> {
    for (const builder of Object.values(this.#builders)) {
      if (!builder.isEmpty) await this.storePack(builder.finish())
    }
    await this.#uploads.finish()
    await this.#indexWriter.flush()
  }

  async #storeFull(type: BlobType): Promise<void> {
    if (this.#builders[type].isFull) await this.storePack(this.#builders[type].finish())
  }

  async #upload(pack: FinishedPack): Promise<void> {
    await this.#parts.store.write({ type: 'data', name: pack.id }, pack.content)
    this.#parts.index.addPack(pack)
    for (const blob of pack.blobs) this.#pending[blob.type].delete(blob.id)
    this.#options.onStored?.(pack)
    await this.#indexWriter.add(pack)
  }
}
