import { encodeIndexFile, type IndexedPack } from '../index/index-file.ts'

/** Full at this many blobs, as with restic. */
const maxIndexBlobs = 50_000

/**
 * Gathers what was stored, and saves it as index files: when one is full, when some time has passed (so that an
 * interrupted run loses little of what it has uploaded), and at the end.
 */
export class IndexWriter {
  readonly #save: (indexFile: Uint8Array) => Promise<string>
  readonly #checkpointMs: number
  #packs: IndexedPack[] = []
  #blobs = 0
  #lastSavedAt = performance.now()

  constructor(save: (indexFile: Uint8Array) => Promise<string>, checkpointMs: number) {
    this.#save = save
    this.#checkpointMs = checkpointMs
  }

  /** Notes a pack that is stored. */
  async add(pack: IndexedPack): Promise<void> {
    this.#packs.push({ id: pack.id, blobs: pack.blobs })
    this.#blobs += pack.blobs.length
    const isDue = performance.now() - this.#lastSavedAt >= this.#checkpointMs
    if (isDue || this.#blobs >= maxIndexBlobs) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#packs.length === 0) return
    const packs = this.#packs
    this.#packs = []
    this.#blobs = 0
    this.#lastSavedAt = performance.now()
    await this.#save(encodeIndexFile(packs))
  }
}
