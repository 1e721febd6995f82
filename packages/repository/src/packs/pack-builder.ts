import { ivBytes, type RepositoryCipher, sealOverheadBytes } from '../crypto/repository-cipher.ts'
import type { EncodedBlob } from '../format/blob.ts'
import { type BlobType, type PackedBlob, sealPackHeader, targetPackBytes } from '../format/pack.ts'
import type { IndexedPack } from '../index/index-file.ts'
import type { Primitives } from '../primitives/primitives.ts'

/** A pack that is ready to be stored. */
export interface FinishedPack extends IndexedPack {
  readonly content: Uint8Array
}

/** Provides memory for packs, and takes it back. */
export interface PackMemory {
  /** @param bytes the least that is needed */
  take(bytes: number): Uint8Array
}

// The header is limited to 16 MiB, about 400 000 blobs; well below it a pack is full.
const maxBlobsPerPack = 50_000
const largestChunkBytes = 8 * 1024 * 1024
const headerRoomBytes = maxBlobsPerPack * 41 + 64

/** The memory that the packs of a target size need, unless they hold a blob that is larger than any chunk. */
export function packMemoryBytes(targetBytes: number): number {
  return targetBytes + largestChunkBytes + headerRoomBytes
}

// Pages that are not touched cost nothing.
const freshMemory: PackMemory = { take: (bytes) => new Uint8Array(bytes) }

/** Puts blobs of one type together to a pack, in memory. */
export class PackBuilder {
  readonly type: BlobType
  readonly #primitives: Primitives
  readonly #cipher: RepositoryCipher
  readonly #targetBytes: number
  readonly #memory: PackMemory
  #blobs: PackedBlob[] = []
  #buffer: Uint8Array | undefined
  #usedBytes = 0

  constructor(
    primitives: Primitives,
    cipher: RepositoryCipher,
    type: BlobType,
    targetBytes: number = targetPackBytes,
    memory: PackMemory = freshMemory,
  ) {
    this.#primitives = primitives
    this.#cipher = cipher
    this.type = type
    this.#targetBytes = targetBytes
    this.#memory = memory
  }

  get isEmpty(): boolean {
    return this.#blobs.length === 0
  }

  get isFull(): boolean {
    return this.#usedBytes >= this.#targetBytes || this.#blobs.length >= maxBlobsPerPack
  }

  /** Adds a blob; afterwards a pack that `isFull` has to be finished. */
  add(id: string, blob: EncodedBlob): void {
    const buffer = this.#roomFor(blob.content.length + sealOverheadBytes)
    const lengthBytes = this.#cipher.sealInto(buffer, this.#usedBytes, blob.content)
    this.#note(id, lengthBytes, blob.uncompressedBytes)
  }

  /** Where the frame of a blob of so many bytes may be put, so that `add` need not move it. */
  roomForFrame(plainBytes: number): Uint8Array {
    const from = this.#usedBytes + ivBytes
    return this.#roomFor(plainBytes + sealOverheadBytes).subarray(from, from + plainBytes)
  }

  /** Adds a blob as it lay in another pack of the same repository. */
  addSealed(id: string, sealed: Uint8Array, uncompressedBytes?: number): void {
    this.#roomFor(sealed.length).set(sealed, this.#usedBytes)
    this.#note(id, sealed.length, uncompressedBytes)
  }

  /** Closes the pack, and begins the next one. */
  finish(): FinishedPack {
    const blobs = this.#blobs
    const trailer = sealPackHeader(this.#cipher, blobs)
    const buffer = this.#roomFor(trailer.length)
    buffer.set(trailer, this.#usedBytes)
    const content = buffer.subarray(0, this.#usedBytes + trailer.length)
    this.#blobs = []
    this.#usedBytes = 0
    this.#buffer = undefined
    return { id: this.#primitives.sha256Hex(content), blobs, content }
  }

  #note(id: string, lengthBytes: number, uncompressedBytes: number | undefined): void {
    this.#blobs.push({
      type: this.type,
      id,
      offset: this.#usedBytes,
      lengthBytes,
      ...(uncompressedBytes === undefined ? {} : { uncompressedBytes }),
    })
    this.#usedBytes += lengthBytes
  }

  #roomFor(bytes: number): Uint8Array {
    this.#buffer ??= this.#memory.take(packMemoryBytes(this.#targetBytes))
    const needed = this.#usedBytes + bytes + headerRoomBytes
    if (bytes > largestChunkBytes + sealOverheadBytes && this.#buffer.length < needed) {
      const larger = new Uint8Array(needed)
      larger.set(this.#buffer.subarray(0, this.#usedBytes))
      this.#buffer = larger
    }
    return this.#buffer
  }
}
