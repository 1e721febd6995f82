import { isHexId } from './id-words.ts'
import type { IndexReader } from './index-file.ts'

const idAt = 7
const typeAt = idAt + 64
/** More than the longest blob takes: nothing is read behind the end of a file. */
const longestBlobBytes = 192
const comma = 0x2c
const closeBrace = 0x7d
const zeroDigit = 0x30
const maxDigits = 10
const maxUint32 = 0xffffffff

/** Four letters as one number, as `DataView` reads them. */
function word(letters: string): number {
  return new DataView(new TextEncoder().encode(letters).buffer).getUint32(0)
}

// Parts whose length is no multiple of four are compared by words that overlap.
const part = {
  id: [word('{"id'), word('d":"')],
  type: [word('","t'), word('ype"'), word('e":"')],
  data: [word('data'), word('ata"')],
  tree: [word('tree'), word('ree"')],
  offset: [word(',"of'), word('fset'), word('et":')],
  length: [word(',"le'), word('ngth'), word('th":')],
  uncompressed: [word(',"un'), word('comp'), word('ress'), word('ed_l'), word('engt'), word('th":')],
} as const

/**
 * Reads a blob that is written, letter by letter, as restic and we write it, and that another one follows. Four letters
 * are compared at a time, in local variables: there are millions, and most runs end before the compiler has done its best.
 * @param view of the index file
 * @param at where the blob begins
 * @returns where the next one begins; −1 where this one is written in another way
 */
export function readUsualBlob(view: DataView, bytes: Uint8Array, at: number, reader: IndexReader): number {
  if (at + longestBlobBytes > bytes.length) return -1
  if (view.getUint32(at) !== part.id[0] || view.getUint32(at + 3) !== part.id[1]) return -1
  let next = at + typeAt
  if (view.getUint32(next) !== part.type[0]) return -1
  if (view.getUint32(next + 4) !== part.type[1] || view.getUint32(next + 6) !== part.type[2]) return -1
  next += 10
  const isTree = view.getUint32(next) === part.tree[0]
  if (!isTree && view.getUint32(next) !== part.data[0]) return -1
  if (view.getUint32(next + 1) !== (isTree ? part.tree[1] : part.data[1])) return -1
  next += 5
  if (view.getUint32(next) !== part.offset[0]) return -1
  if (view.getUint32(next + 4) !== part.offset[1] || view.getUint32(next + 6) !== part.offset[2]) return -1
  next += 10
  next = endOfNumber(bytes, next)
  const offset = lastNumber
  if (next < 0) return -1
  if (view.getUint32(next) !== part.length[0]) return -1
  if (view.getUint32(next + 4) !== part.length[1] || view.getUint32(next + 6) !== part.length[2]) return -1
  next += 10
  next = endOfNumber(bytes, next)
  const lengthBytes = lastNumber
  if (next < 0) return -1
  let uncompressedBytes = 0
  if (bytes[next] === comma) {
    for (let i = 0; i < 5; i++) if (view.getUint32(next + 4 * i) !== part.uncompressed[i]) return -1
    if (view.getUint32(next + 19) !== part.uncompressed[5]) return -1
    next = endOfNumber(bytes, next + 23)
    uncompressedBytes = lastNumber
    if (next < 0) return -1
  }
  if (bytes[next] !== closeBrace || bytes[next + 1] !== comma || !isHexId(bytes, at + idAt)) return -1
  reader.blob(bytes, at + idAt, isTree, offset, lengthBytes, uncompressedBytes)
  return next + 2
}

let lastNumber = 0

/** Reads a number of 32 bits to `lastNumber`. @returns where it ends; −1 where none is */
function endOfNumber(bytes: Uint8Array, from: number): number {
  let [at, value] = [from, 0]
  for (let digit = 0; at <= from + maxDigits; at++) {
    digit = (bytes[at] ?? 0) - zeroDigit
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  lastNumber = value
  return at === from || value > maxUint32 ? -1 : at
}
