/** An ID of 32 bytes is kept, and compared, as eight words. */
export const idWords = 8

const noDigit = 0xff
const digits = new Uint8Array(256).fill(noDigit)
for (let i = 0; i < 16; i++) digits[i.toString(16).charCodeAt(0)] = i

const idBytes = new Uint8Array(4 * idWords)
const wordsOfBytes = new Uint32Array(idBytes.buffer)

/** An id as eight words whose memory holds its bytes in order; all zero, which no blob is named, where it is none. */
export function wordsFromHex(id: string, words: Uint32Array): void {
  if (isIdRead(id)) words.set(wordsOfBytes)
  else words.fill(0)
}

function isIdRead(id: string): boolean {
  try {
    return idBytes.setFromHex(id).written === idBytes.length
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** Whether 64 digits begin at `idAt`. */
export function isHexId(bytes: Uint8Array, idAt: number): boolean {
  if (idAt + 8 * idWords > bytes.length) return false
  let found = 0
  for (let at = idAt; at < idAt + 8 * idWords; at++) found |= digits[bytes[at] ?? 0] ?? noDigit
  return found < 16
}

/** The same from 64 digits in `bytes`. */
export function wordsFromHexBytes(bytes: Uint8Array, idAt: number, words: Uint32Array): void {
  for (let word = 0; word < idWords; word++) {
    const at = idAt + word * 8
    words[word] =
      (digits[bytes[at] ?? 0] ?? 0) * 16 +
      (digits[bytes[at + 1] ?? 0] ?? 0) +
      (((digits[bytes[at + 2] ?? 0] ?? 0) * 16 + (digits[bytes[at + 3] ?? 0] ?? 0)) << 8) +
      (((digits[bytes[at + 4] ?? 0] ?? 0) * 16 + (digits[bytes[at + 5] ?? 0] ?? 0)) << 16) +
      (((digits[bytes[at + 6] ?? 0] ?? 0) * 16 + (digits[bytes[at + 7] ?? 0] ?? 0)) << 24)
  }
}
