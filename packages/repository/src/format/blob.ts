import { type RepositoryCipher, UnauthenticError } from '../crypto/repository-cipher.ts'
import type { Primitives } from '../primitives/primitives.ts'
import type { PackedBlob } from './pack.ts'

/** Far above any chunk and any sane folder; a longer claim is hostile. */
const maxBlobBytes = 1024 * 1024 * 1024

/** How a blob goes into a pack: compressed when that helps, and always sealed. */
export interface EncodedBlob {
  /** What to seal. */
  readonly content: Uint8Array
  /** Present when `content` is compressed. */
  readonly uncompressedBytes?: number
}

/** Quick, and within two percent of the size that restic reaches with its `auto`. */
export const defaultCompressionLevel = 2
/** Blobs below this are hardly made smaller by zstd. */
const minCompressibleBytes = 32
const probeThresholdBytes = 128 * 1024
const probeBytes = 16 * 1024
const probeLevel = 1

/** The longest frame that zstd makes of so many bytes (ZSTD_COMPRESSBOUND). */
export function zstdBoundBytes(bytes: number): number {
  return bytes + (bytes >> 8) + 128
}

/** Compresses blobs, in memory that it uses again. */
export class BlobEncoder {
  readonly #primitives: Primitives
  readonly #level: number
  readonly #frame = new Scratch()

  /** @param level of zstd; 0 leaves blobs as they are, which version 1 of the format demands */
  constructor(primitives: Primitives, level: number) {
    this.#primitives = primitives
    this.#level = level
  }

  /**
   * Compresses a blob, unless that is useless, and makes sure that it can be had back: compressors have had bugs
   * (restic #4523, #4677), and memory fails.
   * @param room where the frame may go; without it, the result is good until the next call
   * @throws {Error} when the compressor does not return what it was given
   */
  encode(plaintext: Uint8Array, room?: Uint8Array): EncodedBlob {
    const isTiny = plaintext.length < minCompressibleBytes
    if (this.#level === 0 || isTiny || !this.#seemsCompressible(plaintext)) return { content: plaintext }
    const output = room ?? this.#frame.ofLength(plaintext.length)
    const frameBytes = this.#primitives.zstdCompress(plaintext, this.#level, output)
    if (frameBytes < 0 || frameBytes >= plaintext.length) return { content: plaintext }
    const content = output.subarray(0, frameBytes)
    if (!this.#primitives.zstdHolds(content, plaintext)) {
      throw new Error('the compressor did not return what it was given; nothing of it was stored')
    }
    return { content, uncompressedBytes: plaintext.length }
  }

  /** Tries three places of a large blob: media and archives give themselves away at once. */
  #seemsCompressible(plaintext: Uint8Array): boolean {
    if (plaintext.length < probeThresholdBytes) return true
    const output = this.#frame.ofLength(probeBytes)
    return [0.1, 0.5, 0.9].some((part) => {
      const from = Math.floor((plaintext.length - probeBytes) * part)
      const sample = plaintext.subarray(from, from + probeBytes)
      const frameBytes = this.#primitives.zstdCompress(sample, probeLevel, output)
      return frameBytes >= 0 && frameBytes < probeBytes * 0.97
    })
  }
}

/** Thrown when a blob is not what its place in the index promises. */
export class DamagedBlobError extends Error {
  override readonly name = 'DamagedBlobError'
}

/** Opens blobs as they lie in packs, in memory that it uses again. */
export class BlobDecoder {
  readonly #primitives: Primitives
  readonly #cipher: RepositoryCipher
  readonly #plaintext = new Scratch()

  constructor(primitives: Primitives, cipher: RepositoryCipher) {
    this.#primitives = primitives
    this.#cipher = cipher
  }

  /**
   * Opens a blob, and makes sure that it is the one that was asked for.
   * @param sealed the blob as it lies in its pack; it is opened in place, and can't be opened twice
   * @returns what is good until the next call
   * @throws {DamagedBlobError} when it was changed, or is another one
   */
  decode(sealed: Uint8Array, blob: PackedBlob): Uint8Array {
    const plaintext = this.#decompress(this.#open(sealed, blob), blob)
    if (this.#primitives.sha256Hex(plaintext) !== blob.id) throw damaged(blob, 'holds something else')
    return plaintext
  }

  #open(sealed: Uint8Array, blob: PackedBlob): Uint8Array {
    try {
      return this.#cipher.openInPlace(sealed)
    } catch (error) {
      if (error instanceof UnauthenticError) throw damaged(blob, 'was changed after it was written', error)
      throw error
    }
  }

  #decompress(content: Uint8Array, blob: PackedBlob): Uint8Array {
    const { uncompressedBytes } = blob
    if (uncompressedBytes === undefined) return content
    if (uncompressedBytes > maxBlobBytes) throw damaged(blob, `claims to have ${uncompressedBytes} bytes`)
    const plaintext = this.#plaintext.ofLength(uncompressedBytes)
    let length: number
    try {
      length = this.#primitives.zstdDecompress(content, plaintext)
    } catch (error) {
      throw damaged(blob, 'can not be decompressed', error)
    }
    if (length !== uncompressedBytes) throw damaged(blob, 'has another length than the index says')
    return plaintext
  }
}

function damaged(blob: PackedBlob, why: string, cause?: unknown): DamagedBlobError {
  return new DamagedBlobError(`the ${blob.type} blob ${blob.id} ${why}`, { cause })
}

/** Memory that is used again, and grows to the longest demand. */
class Scratch {
  #bytes = new Uint8Array(0)

  ofLength(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length + (length >> 2))
    return this.#bytes.subarray(0, length)
  }
}
