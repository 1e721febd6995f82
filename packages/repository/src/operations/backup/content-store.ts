import { closeSync, readSync } from 'node:fs'
import { Chunker, maxChunkBytes } from '../../chunker/chunker.ts'
import { type MasterKey, RepositoryCipher, sealOverheadBytes } from '../../crypto/repository-cipher.ts'
import { openForReading } from '../../filesystem/open-for-reading.ts'
import { BlobEncoder } from '../../format/blob.ts'
import type { FileName } from '../../format/file-name.ts'
import { type SharedBlobIndex, SharedBlobLookup } from '../../index/blob-index.ts'
import { PackBuilder } from '../../packs/pack-builder.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import { ClaimTable, type SharedClaims } from '../../workers/claim-table.ts'
import { type SharedBuffers, SharedPackMemory } from '../../workers/shared-pack-memory.ts'
import { type ReadingPlace, type SharedReading, takeTurn } from './shared-reading.ts'

export interface ContentStoreSetup {
  readonly masterKey: MasterKey
  readonly version: 1 | 2
  readonly chunkerPolynomial: bigint
  readonly compressionLevel: number
  readonly packBytes: number
  readonly index: SharedBlobIndex
  readonly claims: SharedClaims
  readonly packBuffers: SharedBuffers
}

/** A pack in one of the shared buffers; its own header says what it holds. */
export interface SharedPack {
  readonly id: string
  readonly buffer: number
  readonly lengthBytes: number
}

/** What storing some content has added to the repository. */
export interface Added {
  blobs: number
  bytes: number
  /** As compressed and sealed. */
  packedBytes: number
}

export interface StoredContent {
  readonly ids: string[]
  readonly bytes: number
}

/** A part of a file, from one cut to another. */
export interface StoredWindow extends StoredContent {
  readonly from: number
  /** Whether nothing is left behind it. */
  readonly isEnd: boolean
}

/** Less than there is room for: most chunks are short, and room that is not used is not memory. */
const bytesAtOnce = 1024 * 1024
/** The largest chunk, and room to read on behind it. */
const bufferBytes = maxChunkBytes + 1024 * 1024

/** Reads files, splits them, and packs what the repository does not have yet: the part of a backup that takes time. */
export class ContentStore {
  readonly #encoder: BlobEncoder
  readonly #memory: SharedPackMemory
  readonly #chunkerPolynomial: bigint
  readonly #builder: PackBuilder
  readonly #known: SharedBlobLookup
  readonly #claims: ClaimTable
  readonly #onPack: (pack: SharedPack) => void
  #madeChunker: Chunker | undefined
  #added: Added = { blobs: 0, bytes: 0, packedBytes: 0 }

  constructor(setup: ContentStoreSetup, onPack: (pack: SharedPack) => void) {
    this.#onPack = onPack
    this.#chunkerPolynomial = setup.chunkerPolynomial
    const cipher = new RepositoryCipher(nodePrimitives, setup.masterKey)
    this.#encoder = new BlobEncoder(nodePrimitives, setup.version === 1 ? 0 : setup.compressionLevel)
    this.#memory = new SharedPackMemory(setup.packBuffers)
    this.#builder = new PackBuilder(nodePrimitives, cipher, 'data', setup.packBytes, this.#memory)
    this.#known = new SharedBlobLookup(setup.index)
    this.#claims = new ClaimTable(setup.claims)
  }

  /** Whether all of a file's blobs are in the repository. */
  hasAll(ids: readonly string[]): boolean {
    return ids.every((id) => this.#known.has('data', id))
  }

  /** Whether the blob is in the repository whose ID stands in a text. */
  hasAt(text: string, at: number): boolean {
    return this.#known.hasAt('data', text, at)
  }

  /**
   * Stores a file from its beginning to where it ends at that moment.
   * @param expectedBytes its length as last seen; a file that grows meanwhile is stored up to there
   * @throws what the file system reports
   */
  storeFile(path: FileName, expectedBytes: number): StoredContent {
    const descriptor = openForReading(path)
    try {
      return this.#storeFrom(descriptor, expectedBytes)
    } finally {
      closeSync(descriptor)
    }
  }

  /**
   * Stores the next window of a file that other threads read too: as much as there is memory for, up to the last cut
   * in it. It is read once, but for the beginning of the chunk that the next window begins with.
   * @throws what the file system reports
   */
  storeWindow(reading: SharedReading): StoredWindow {
    const { from, cuts, isEnd } = takeTurn(reading, (place) => {
      const from = place.from
      const cuts = place.isEnd ? [] : this.#cutWindow(reading.descriptor, place)
      return { from, cuts, isEnd: place.isEnd }
    })
    const { buffer } = this.#chunker
    const ids = cuts.map((cut, nth) => this.storeBlob(buffer.subarray(cuts[nth - 1] ?? 0, cut)))
    return { ids, from, bytes: cuts.at(-1) ?? 0, isEnd }
  }

  /** Stores one blob, unless the repository has it or another thread stores it. */
  storeBlob(plaintext: Uint8Array): string {
    const id = nodePrimitives.sha256Hex(plaintext)
    if (this.#known.has('data', id) || !this.#claims.claim(id)) return id
    const blob = this.#encoder.encode(plaintext, this.#builder.roomForFrame(plaintext.length))
    this.#builder.add(id, blob)
    this.#added.blobs++
    this.#added.bytes += plaintext.length
    this.#added.packedBytes += blob.content.length + sealOverheadBytes
    if (this.#builder.isFull) this.finish()
    return id
  }

  /** What was added since the last call. */
  takeAdded(): Added {
    const added = this.#added
    this.#added = { blobs: 0, bytes: 0, packedBytes: 0 }
    return added
  }

  /** Hands out the pack, full or not. */
  finish(): void {
    if (this.#builder.isEmpty) return
    const { id, content } = this.#builder.finish()
    this.#onPack({ id, buffer: this.#memory.numberOf(content), lengthBytes: content.length })
  }

  /** Made for the first file that is read: in many runs, none is. */
  get #chunker(): Chunker {
    this.#madeChunker ??= new Chunker(this.#chunkerPolynomial, bufferBytes)
    return this.#madeChunker
  }

  /** Fills the memory from the place on, and moves that to the last cut. @returns the cuts, as places in the memory */
  #cutWindow(descriptor: number, place: ReadingPlace): number[] {
    const { buffer } = this.#chunker
    const cuts: number[] = []
    let [start, end, searched] = [0, 0, place.searchedBytes]
    while (!place.isEnd && end < buffer.length) {
      const read = readSync(
        descriptor,
        buffer,
        end,
        Math.min(bytesAtOnce, buffer.length - end),
        place.from + end,
      )
      end += read
      for (;;) {
        const cut = this.#chunker.findCut(start, end, searched)
        if (cut < 0) break
        cuts.push(cut)
        start = cut
        searched = 0
      }
      searched = Math.max(searched, end)
      place.isEnd = read === 0
    }
    if (place.isEnd && end > start) cuts.push(end)
    place.from += cuts.at(-1) ?? 0
    place.searchedBytes = end - start
    return cuts
  }

  #storeFrom(descriptor: number, expectedBytes: number): StoredContent {
    const buffer = this.#chunker.buffer
    const ids: string[] = []
    let [at, start, end, scanned] = [0, 0, 0, 0]
    for (;;) {
      const read = readSync(descriptor, buffer, end, Math.min(bytesAtOnce, buffer.length - end), at)
      at += read
      end += read
      // Most files are small, and need no second call to find their end.
      const isEnd = read === 0 || (at === expectedBytes && end < buffer.length)
      for (;;) {
        const cut = this.#chunker.findCut(start, end, scanned)
        if (cut < 0) break
        ids.push(this.storeBlob(buffer.subarray(start, cut)))
        start = cut
        scanned = 0
      }
      if (isEnd) {
        if (end > start) ids.push(this.storeBlob(buffer.subarray(start, end)))
        return { ids, bytes: at }
      }
      if (start > 0) buffer.copyWithin(0, start, end)
      scanned = end - start
      end -= start
      start = 0
    }
  }
}
