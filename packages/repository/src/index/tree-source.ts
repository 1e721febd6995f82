import { DamagedBlobError } from '../format/blob.ts'
import type { PackedBlob } from '../format/pack.ts'
import type { Repository } from '../repository.ts'
import { RepositoryProblem } from '../repository-problem.ts'
import { freeMemory } from '../workers/free-memory.ts'
import type { BlobLocation } from './blob-index.ts'

/** A pack that is asked for this often is fetched as a whole. */
const readsBeforeWhole = 2
const keptBytes = 64 * 1024 * 1024

/** A tree as it lies in a pack, in memory that threads share. */
export interface SealedTree {
  readonly sealed: Uint8Array
  readonly blob: PackedBlob
}

interface PackInUse {
  reads: number
  whole?: Promise<Uint8Array>
  bytes: number
}

/** Loads the trees of a snapshot; they mostly lie together, so packs in demand are fetched whole and kept. */
export class TreeSource {
  readonly #repository: Repository
  // In the order of their last use.
  readonly #packs = new Map<string, PackInUse>()

  constructor(repository: Repository) {
    this.#repository = repository
  }

  /** The bytes of a tree. @throws {RepositoryProblem} as `loadBlob` does */
  async load(id: string): Promise<Uint8Array> {
    const location = this.#repository.index.get('tree', id)
    const pack = location && this.#use(location)
    if (!location || !pack?.whole) return this.#repository.loadBlob('tree', id)
    const content = await pack.whole
    const sealed = content.subarray(location.offset, location.offset + location.lengthBytes)
    try {
      return this.#repository.decodeBlob(sealed, location)
    } catch (error) {
      if (!(error instanceof DamagedBlobError)) throw error
      // Another copy may be good.
      return this.#repository.loadBlob('tree', id)
    }
  }

  /** A tree for a thread to open, where its pack is at hand; nothing where it is missing: a parent is a help, not a need. */
  async loadSealed(id: string | undefined): Promise<SealedTree | Uint8Array | undefined> {
    const location = id === undefined ? undefined : this.#repository.index.get('tree', id)
    const pack = location && this.#use(location)
    const content = await pack?.whole
    if (!location || !content) return this.loadIfThere(id)
    const sealed = content.subarray(location.offset, location.offset + location.lengthBytes)
    return { sealed, blob: location }
  }

  /** Like `load`, and nothing where it is missing or damaged. */
  async loadIfThere(id: string | undefined): Promise<Uint8Array | undefined> {
    if (id === undefined) return undefined
    try {
      return await this.load(id)
    } catch (error) {
      if (error instanceof RepositoryProblem) return undefined
      throw error
    }
  }

  #use({ packId }: BlobLocation): PackInUse {
    const pack = this.#packs.get(packId) ?? { reads: 0, bytes: 0 }
    this.#packs.delete(packId)
    this.#packs.set(packId, pack)
    if (++pack.reads >= readsBeforeWhole && !pack.whole) {
      pack.whole = this.#repository.store.read({ type: 'data', name: packId }).then((content) => {
        pack.bytes = content.length
        this.#evict()
        const shared = new Uint8Array(new SharedArrayBuffer(content.length))
        shared.set(content)
        freeMemory(content)
        return shared
      })
    }
    return pack
  }

  #evict(): void {
    let bytes = 0
    for (const [packId, pack] of [...this.#packs].toReversed()) {
      bytes += pack.bytes
      if (bytes > keptBytes && pack.bytes > 0 && bytes > pack.bytes) this.#packs.delete(packId)
    }
  }
}
