import { type RepositoryCipher, sealOverheadBytes } from '../crypto/repository-cipher.ts'

export type BlobType = 'data' | 'tree'

/** Where a blob lies in its pack; `lengthBytes` is as sealed, and compressed when `uncompressedBytes` is there. */
export interface PackedBlob {
  readonly type: BlobType
  readonly id: string
  readonly offset: number
  readonly lengthBytes: number
  readonly uncompressedBytes?: number
}

export const targetPackBytes = 16 * 1024 * 1024
const maxPackHeaderBytes = 16 * 1024 * 1024
const plainEntryBytes = 37
const compressedEntryBytes = 41
const lengthFieldBytes = 4
const typeCodes = { data: 0, tree: 1 } as const
const compressedFlag = 2

/** The trailer of a pack: the sealed list of its blobs, and its length. */
export function sealPackHeader(cipher: RepositoryCipher, blobs: readonly PackedBlob[]): Uint8Array {
  const entries = new Uint8Array(blobs.reduce((sum, blob) => sum + entryBytes(blob), 0))
  const view = new DataView(entries.buffer)
  let at = 0
  for (const blob of blobs) {
    const isCompressed = blob.uncompressedBytes !== undefined
    entries[at] = typeCodes[blob.type] | (isCompressed ? compressedFlag : 0)
    view.setUint32(at + 1, blob.lengthBytes, true)
    if (isCompressed) view.setUint32(at + 5, blob.uncompressedBytes, true)
    entries.set(Uint8Array.fromHex(blob.id), at + (isCompressed ? 9 : 5))
    at += entryBytes(blob)
  }
  const trailer = new Uint8Array(entries.length + sealOverheadBytes + lengthFieldBytes)
  const sealedBytes = cipher.sealInto(trailer, 0, entries)
  new DataView(trailer.buffer).setUint32(sealedBytes, sealedBytes, true)
  return trailer
}

/** How long the trailer of a pack with these blobs is, in bytes. */
export function packHeaderBytes(blobs: Iterable<Pick<PackedBlob, 'uncompressedBytes'>>): number {
  let bytes = sealOverheadBytes + lengthFieldBytes
  for (const blob of blobs) bytes += entryBytes(blob)
  return bytes
}

function entryBytes(blob: Pick<PackedBlob, 'uncompressedBytes'>): number {
  return blob.uncompressedBytes === undefined ? plainEntryBytes : compressedEntryBytes
}

/**
 * Where the sealed header lies, from the last four bytes of a pack.
 * @throws {SyntaxError} when no header can have that length
 */
export function locatePackHeader(
  lastBytes: Uint8Array,
  packBytes: number,
): { offset: number; length: number } {
  if (lastBytes.length < lengthFieldBytes) throw new SyntaxError('the pack is too short')
  const view = new DataView(lastBytes.buffer, lastBytes.byteOffset + lastBytes.length - lengthFieldBytes)
  const length = view.getUint32(0, true)
  const offset = packBytes - lengthFieldBytes - length
  if (length < sealOverheadBytes + plainEntryBytes || length > maxPackHeaderBytes || offset < 0) {
    throw new SyntaxError(`a pack of ${packBytes} bytes can't have a header of ${length} bytes`)
  }
  return { offset, length }
}

/**
 * What a whole pack says that it holds.
 * @throws {SyntaxError} when its header is malformed
 * @throws {UnauthenticError} when it was changed
 */
export function openPackHeader(cipher: RepositoryCipher, pack: Uint8Array): PackedBlob[] {
  const { offset, length } = locatePackHeader(pack, pack.length)
  return parsePackHeader(cipher.open(pack.subarray(offset, offset + length)), offset)
}

/**
 * Reads the opened header of a pack.
 * @param blobsBytes the length of what lies before the header, which the blobs have to fill exactly
 * @throws {SyntaxError} when the header is malformed
 */
export function parsePackHeader(entries: Uint8Array, blobsBytes: number): PackedBlob[] {
  const view = new DataView(entries.buffer, entries.byteOffset, entries.length)
  const blobs: PackedBlob[] = []
  let offset = 0
  for (let at = 0; at < entries.length; ) {
    const code = entries[at] ?? 0
    const isCompressed = (code & compressedFlag) !== 0
    const bytes = isCompressed ? compressedEntryBytes : plainEntryBytes
    if (code > 3) throw new SyntaxError(`unknown blob type ${code} in the pack's header`)
    if (at + bytes > entries.length) throw new SyntaxError("the pack's header ends within an entry")
    const lengthBytes = view.getUint32(at + 1, true)
    if (lengthBytes < sealOverheadBytes) throw new SyntaxError('a blob in the pack is too short')
    const idAt = at + bytes - 32
    blobs.push({
      type: (code & 1) === typeCodes.tree ? 'tree' : 'data',
      id: entries.subarray(idAt, idAt + 32).toHex(),
      offset,
      lengthBytes,
      ...(isCompressed ? { uncompressedBytes: view.getUint32(at + 5, true) } : {}),
    })
    offset += lengthBytes
    at += bytes
  }
  if (offset !== blobsBytes) {
    throw new SyntaxError(`the pack's header names ${offset} bytes of blobs, and ${blobsBytes} are there`)
  }
  return blobs
}
