/**
 * File names are bytes; JavaScript's strings hold them without loss: a byte that is no valid UTF-8 becomes the
 * lone surrogate U+DC00 + byte, which no valid text contains (Python's PEP 383 does the same).
 */
export type FileName = string

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

export function nameFromBytes(bytes: Uint8Array): FileName {
  const text = decoder.decode(bytes)
  if (!text.includes('\ufffd')) return text
  let name = ''
  for (let i = 0; i < bytes.length; ) {
    const length = validSequenceLength(bytes, i)
    if (length === 0) name += String.fromCharCode(0xdc00 + (bytes[i++] ?? 0))
    else {
      name += decoder.decode(bytes.subarray(i, i + length))
      i += length
    }
  }
  return name
}

export function nameToBytes(name: FileName): Uint8Array {
  if (isText(name)) return encoder.encode(name)
  const bytes: number[] = []
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00)
    else bytes.push(...encoder.encode(character))
  }
  return Uint8Array.from(bytes)
}

/** Whether a name is valid UTF-8, so that it can be handed around as ordinary text. */
export function isText(name: FileName): boolean {
  // A surrogate without its partner is an escaped byte.
  return name.isWellFormed()
}

/** Orders names by their bytes, as restic sorts trees. */
export function compareNames(a: FileName, b: FileName): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    // Below the surrogates, UTF-16 sorts as UTF-8 does.
    return x < 0xd800 && y < 0xd800 ? x - y : compareBytes(nameToBytes(a), nameToBytes(b))
  }
  return a.length - b.length
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** The length of the valid UTF-8 sequence at `at`, or 0: the table of the Unicode standard, 3-7. */
function validSequenceLength(bytes: Uint8Array, at: number): 0 | 1 | 2 | 3 | 4 {
  const first = bytes[at] ?? 0
  const second = bytes[at + 1] ?? 0
  const isContinuation = (offset: number) => ((bytes[at + offset] ?? 0) & 0xc0) === 0x80
  if (first < 0x80) return 1
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(1) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high && isContinuation(2) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xf4 ? 0x8f : 0xbf
    return second >= low && second <= high && isContinuation(2) && isContinuation(3) ? 4 : 0
  }
  return 0
}
