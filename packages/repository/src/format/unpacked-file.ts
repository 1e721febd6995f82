import type { RepositoryCipher } from '../crypto/repository-cipher.ts'
import type { Primitives } from '../primitives/primitives.ts'
import { zstdBoundBytes } from './blob.ts'

/** Indexes, snapshots and locks: sealed on their own, and compressed from repository version 2 on. */

const zstdMark = 2
const openingBrace = 0x7b
const openingBracket = 0x5b
// Far above any real index; a frame that claims more is a bomb.
const maxUnpackedBytes = 1024 * 1024 * 1024
const compressionLevel = 3

export function sealUnpacked(
  primitives: Primitives,
  cipher: RepositoryCipher,
  version: 1 | 2,
  plaintext: Uint8Array,
): Uint8Array {
  if (version === 1) return cipher.seal(plaintext)
  const marked = new Uint8Array(1 + zstdBoundBytes(plaintext.length))
  const frameBytes = primitives.zstdCompress(plaintext, compressionLevel, marked.subarray(1))
  const frame = marked.subarray(1, 1 + frameBytes)
  if (!primitives.equal(primitives.zstdDecompressUnsized(frame, plaintext.length), plaintext)) {
    throw new Error('the compressor returned something else than it was given; nothing was written')
  }
  marked[0] = zstdMark
  return cipher.seal(marked.subarray(0, 1 + frameBytes))
}

/** @throws when the file was damaged, is of another key, or holds neither JSON nor a compressed frame */
export function openUnpacked(
  primitives: Primitives,
  cipher: RepositoryCipher,
  sealed: Uint8Array,
): Uint8Array {
  const content = cipher.open(sealed)
  const [first] = content
  if (content.length === 0 || first === openingBrace || first === openingBracket) return content
  if (first !== zstdMark) throw new SyntaxError(`the file begins with the unknown mark ${first}`)
  return primitives.zstdDecompressUnsized(content.subarray(1), maxUnpackedBytes)
}
