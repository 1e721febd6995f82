import { packHeaderBytes } from '../format/pack.ts'
import type { BlobIndex, BlobLocation } from './blob-index.ts'

/** The entries of an index in the order of their packs: 4 bytes a blob, where lists of objects would need 200. */
export class EntriesByPack {
  readonly #index: BlobIndex
  readonly #starts: Uint32Array
  readonly #entries: Uint32Array

  constructor(index: BlobIndex) {
    this.#index = index
    const packs = index.packIds.length
    const starts = new Uint32Array(packs + 1)
    for (let entry = 0; entry < index.size; entry++) increment(starts, index.packNumberOf(entry) + 1)
    for (let pack = 0; pack < packs; pack++) starts[pack + 1] = (starts[pack + 1] ?? 0) + (starts[pack] ?? 0)
    this.#starts = starts
    this.#entries = new Uint32Array(index.size)
    const next = starts.slice()
    for (let entry = 0; entry < index.size; entry++) {
      const pack = index.packNumberOf(entry)
      this.#entries[next[pack] ?? 0] = entry
      increment(next, pack)
    }
  }

  /** The numbers of the entries of one pack. */
  of(packNumber: number): Uint32Array {
    return this.#entries.subarray(this.#starts[packNumber], this.#starts[packNumber + 1])
  }

  /** The same, in the order in which their blobs lie in the pack. */
  inOrder(packNumber: number): Uint32Array {
    return this.of(packNumber)
      .slice()
      .sort((a, b) => this.#index.offsetOf(a) - this.#index.offsetOf(b))
  }

  /** Its blobs, in the order in which they lie in the pack. */
  blobsOf(packNumber: number): BlobLocation[] {
    return Array.from(this.of(packNumber), (entry) => this.#index.locationOf(entry)).sort(
      (a, b) => a.offset - b.offset,
    )
  }

  /** How long the pack must be: its blobs and its header. */
  packBytes(packNumber: number): number {
    const entries = this.of(packNumber)
    const blobsBytes = entries.reduce((sum, entry) => sum + this.#index.lengthBytesOf(entry), 0)
    return blobsBytes + packHeaderBytes(entries.values().map((entry) => this.#shapeOf(entry)))
  }

  #shapeOf(entry: number): { uncompressedBytes?: number } {
    const uncompressedBytes = this.#index.uncompressedBytesOf(entry)
    return uncompressedBytes > 0 ? { uncompressedBytes } : {}
  }
}

function increment(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1
}
