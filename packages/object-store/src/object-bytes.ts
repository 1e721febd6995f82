import type { ByteRange } from './object-store.ts'

/** The content of a write as one piece; a single piece is not copied. */
export function joinBytes(content: Uint8Array | readonly Uint8Array[]): Uint8Array {
  if (content instanceof Uint8Array) return content
  return content.length === 1 && content[0] ? content[0] : Buffer.concat(content)
}

/** The content of a write as its pieces. */
export function piecesOf(content: Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  return content instanceof Uint8Array ? [content] : content
}

/** @throws {RangeError} when the range lies outside of what is there */
export function cutRange(content: Uint8Array, range: ByteRange | undefined, name: string): Uint8Array {
  const { offset, length } = checkRange(content.length, range, name)
  return content.subarray(offset, offset + length)
}

/** @throws {RangeError} when the range lies outside of an object of that many bytes */
export function checkRange(bytes: number, range: ByteRange | undefined, name: string): Required<ByteRange> {
  const offset = range?.offset ?? 0
  const length = range?.length ?? bytes - offset
  if (offset < 0 || length < 0 || offset + length > bytes) {
    throw new RangeError(`bytes ${offset} to ${offset + length} lie outside of ${name}, which has ${bytes}`)
  }
  return { offset, length }
}
