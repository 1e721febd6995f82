import type { PackedBlob } from '../format/pack.ts'
import { isHexId } from './id-words.ts'
import { readUsualBlob } from './usual-blobs.ts'

/** One pack as an index lists it. */
export interface IndexedPack {
  readonly id: string
  readonly blobs: readonly PackedBlob[]
}

/** The JSON of an index file. */
export function encodeIndexFile(packs: Iterable<IndexedPack>): Uint8Array {
  const parts: string[] = []
  for (const pack of packs) {
    const blobs = pack.blobs.map((blob) => {
      const plainLength =
        blob.uncompressedBytes === undefined ? '' : `,"uncompressed_length":${blob.uncompressedBytes}`
      return `{"id":"${blob.id}","type":"${blob.type}","offset":${blob.offset},"length":${blob.lengthBytes}${plainLength}}`
    })
    parts.push(`{"id":"${pack.id}","blobs":[${blobs.join(',')}]}`)
  }
  return new TextEncoder().encode(`{"packs":[${parts.join(',')}]}\n`)
}

/** Told what an index file holds, while it is read. The id lies in `bytes` as 64 hex digits at `idAt`. */
export interface IndexReader {
  /** Called after the blobs of the pack, because the id may stand behind them. */
  pack(bytes: Uint8Array, idAt: number): void
  blob(
    bytes: Uint8Array,
    idAt: number,
    isTree: boolean,
    offset: number,
    lengthBytes: number,
    uncompressedBytes: number,
  ): void
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const idDigits = 64
const maxDepth = 64
const maxUint32 = 0xffffffff

/**
 * Reads the JSON of an index file byte by byte: large indexes would need many times their size as objects.
 * Unknown keys are skipped.
 * @throws {SyntaxError} when it is no index
 */
export function readIndexFile(bytes: Uint8Array, reader: IndexReader): void {
  new IndexScanner(bytes, reader).scan()
}

class IndexScanner {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #reader: IndexReader
  #at = 0

  constructor(bytes: Uint8Array, reader: IndexReader) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#reader = reader
  }

  scan(): void {
    this.#object((key) => {
      if (key === 'packs' && !this.#takeNull()) this.#list(() => this.#pack())
      else if (key !== 'packs') this.#skipValue(0)
    })
    this.#space()
    if (this.#at !== this.#bytes.length) this.#fail('something follows the index')
  }

  #pack(): void {
    let idAt = -1
    this.#object((key) => {
      if (key === 'id') idAt = this.#id()
      else if (key === 'blobs' && !this.#takeNull()) this.#blobs()
      else if (key !== 'blobs') this.#skipValue(0)
    })
    if (idAt < 0) this.#fail('a pack lacks its id')
    this.#reader.pack(this.#bytes, idAt)
  }

  #blobs(): void {
    this.#expect(openBracket)
    if (this.#take(closeBracket)) return
    do {
      let next = this.#at
      while (next >= 0) {
        this.#at = next
        next = readUsualBlob(this.#view, this.#bytes, next, this.#reader)
      }
      this.#blob()
    } while (this.#take(comma))
    this.#expect(closeBracket)
  }

  #blob(): void {
    let idAt = -1
    let type = ''
    let offset = -1
    let lengthBytes = -1
    let uncompressedBytes = 0
    this.#object((key) => {
      if (key === 'id') idAt = this.#id()
      else if (key === 'type') type = this.#text()
      else if (key === 'offset') offset = this.#uint32()
      else if (key === 'length') lengthBytes = this.#uint32()
      else if (key === 'uncompressed_length') uncompressedBytes = this.#uint32()
      else this.#skipValue(0)
    })
    if (idAt < 0 || offset < 0 || lengthBytes < 0 || (type !== 'data' && type !== 'tree')) {
      this.#fail('a blob lacks its id, type, offset or length')
    }
    this.#reader.blob(this.#bytes, idAt, type === 'tree', offset, lengthBytes, uncompressedBytes)
  }

  #object(entry: (key: string) => void): void {
    this.#expect(openBrace)
    if (this.#take(closeBrace)) return
    do {
      const key = this.#text()
      this.#expect(colon)
      entry(key)
    } while (this.#take(comma))
    this.#expect(closeBrace)
  }

  #list(item: () => void): void {
    this.#expect(openBracket)
    if (this.#take(closeBracket)) return
    do item()
    while (this.#take(comma))
    this.#expect(closeBracket)
  }

  /** The position of the first of 64 hex digits. */
  #id(): number {
    this.#expect(quote)
    const start = this.#at
    if (!isHexId(this.#bytes, start)) this.#fail('malformed id')
    this.#at += idDigits
    if (this.#bytes[this.#at++] !== quote) this.#fail('malformed id')
    return start
  }

  #uint32(): number {
    this.#space()
    const value = this.#digits()
    return value < 0 ? this.#fail('malformed number') : value
  }

  /** −1 where no number is that fits into 32 bits. */
  #digits(): number {
    let value = 0
    const start = this.#at
    for (;;) {
      const digit = (this.#bytes[this.#at] ?? 0) - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      this.#at++
    }
    return this.#at === start || value > maxUint32 ? -1 : value
  }

  #text(): string {
    this.#expect(quote)
    const start = this.#at
    let hasEscapes = false
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) this.#fail('an unfinished text')
      if (byte === quote) break
      if (byte === backslash) {
        hasEscapes = true
        this.#at++
      }
    }
    const length = this.#at - 1 - start
    if (hasEscapes || length > 32) {
      return JSON.parse(new TextDecoder().decode(this.#bytes.subarray(start - 1, this.#at)))
    }
    let text = ''
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.#bytes[start + i] ?? 0)
    return text
  }

  #skipValue(depth: number): void {
    if (depth > maxDepth) this.#fail('nested too deeply')
    this.#space()
    const byte = this.#bytes[this.#at]
    if (byte === quote) this.#text()
    else if (byte === openBracket) this.#list(() => this.#skipValue(depth + 1))
    else if (byte === openBrace) this.#object(() => this.#skipValue(depth + 1))
    else {
      const start = this.#at
      // Numbers, true, false and null consist of these characters and of nothing that could end them.
      while (/[\w.+-]/.test(String.fromCharCode(this.#bytes[this.#at] ?? 0))) this.#at++
      if (this.#at === start) this.#fail('a value is missing')
    }
  }

  #takeNull(): boolean {
    this.#space()
    if (this.#bytes[this.#at] !== 0x6e) return false
    if (new TextDecoder().decode(this.#bytes.subarray(this.#at, this.#at + 4)) !== 'null') {
      this.#fail('a value is malformed')
    }
    this.#at += 4
    return true
  }

  #take(byte: number): boolean {
    this.#space()
    if (this.#bytes[this.#at] !== byte) return false
    this.#at++
    return true
  }

  #expect(byte: number): void {
    if (!this.#take(byte)) this.#fail(`${JSON.stringify(String.fromCharCode(byte))} is missing`)
  }

  #space(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }

  #fail(why: string): never {
    throw new SyntaxError(`${why} (at byte ${this.#at})`)
  }
}
