import type { BlobType, PackedBlob } from '../format/pack.ts'
import { idWords, wordsFromHex, wordsFromHexBytes } from './id-words.ts'
import { type IndexedPack, readIndexFile } from './index-file.ts'

/** Where a blob lies. */
export interface BlobLocation extends PackedBlob {
  readonly packId: string
}

/** The memory of an index, to look blobs up in it from another thread; it does not change any more. */
export interface SharedBlobIndex {
  readonly slots: Uint32Array
  readonly ids: Uint32Array
  readonly places: Uint32Array
  readonly count: number
}

/** Per blob: number of the pack with the type in the lowest bit, offset, length, uncompressed length. */
const placeWords = 4
const firstCapacity = 1024

/**
 * All blobs of a repository, by type and id: about 56 bytes a blob, in typed arrays that other threads can read.
 * A blob may be listed more than once, in different packs; all places are kept.
 */
export class BlobIndex {
  #count = 0
  #slots = sharedWords(2 * firstCapacity)
  #ids = growableWords(firstCapacity * idWords)
  #places = growableWords(firstCapacity * placeWords)
  readonly #packIds: string[] = []
  readonly #packNumbers = new Map<string, number>()
  readonly #words = new Uint32Array(idWords)

  /** Number of entries; duplicates count. */
  get size(): number {
    return this.#count
  }

  /** The packs that the index lists. */
  get packIds(): readonly string[] {
    return this.#packIds
  }

  hasPack(packId: string): boolean {
    return this.#packNumbers.has(packId)
  }

  has(type: BlobType, id: string): boolean {
    return this.#find(type, id, 0) >= 0
  }

  /** The first place of a blob. */
  get(type: BlobType, id: string): BlobLocation | undefined {
    const entry = this.#find(type, id, 0)
    return entry < 0 ? undefined : this.#location(entry)
  }

  /** Every place of a blob. */
  getAll(type: BlobType, id: string): BlobLocation[] {
    const locations: BlobLocation[] = []
    for (let nth = 0; ; nth++) {
      const entry = this.#find(type, id, nth)
      if (entry < 0) return locations
      locations.push(this.#location(entry))
    }
  }

  /** All entries, in the order of the index files. */
  *entries(): Generator<BlobLocation> {
    for (let entry = 0; entry < this.#count; entry++) yield this.#location(entry)
  }

  /** The number of the entry that lists a blob first, or −1. Entries are numbered from 0 up to `size`. */
  entryOf(type: BlobType, id: string): number {
    return this.#find(type, id, 0)
  }

  /** The entry that lists the same blob first: `entry` itself, unless the blob is listed more than once. */
  firstEntryOf(entry: number): number {
    this.#words.set(this.#ids.subarray(entry * idWords, (entry + 1) * idWords))
    return findEntry(this.#slots, this.#ids, this.#places, this.#words, this.isTreeEntry(entry) ? 1 : 0, 0)
  }

  locationOf(entry: number): BlobLocation {
    return this.#location(entry)
  }

  /** Packs are numbered in the order of `packIds`. */
  packNumberOf(entry: number): number {
    return (this.#places[entry * placeWords] ?? 0) >>> 1
  }

  /** The number of a pack, or −1 when the index does not list it. */
  numberOfPack(packId: string): number {
    return this.#packNumbers.get(packId) ?? -1
  }

  /** Where the blob begins in its pack. */
  offsetOf(entry: number): number {
    return this.#places[entry * placeWords + 1] ?? 0
  }

  isTreeEntry(entry: number): boolean {
    return ((this.#places[entry * placeWords] ?? 0) & 1) === 1
  }

  /** The length of the blob as sealed. */
  lengthBytesOf(entry: number): number {
    return this.#places[entry * placeWords + 2] ?? 0
  }

  /** The length of the blob before it was compressed; 0 when it was not. */
  uncompressedBytesOf(entry: number): number {
    return this.#places[entry * placeWords + 3] ?? 0
  }

  addPack(pack: IndexedPack): void {
    if (this.#packNumbers.has(pack.id)) return
    const number = this.#packNumber(pack.id)
    for (const blob of pack.blobs) {
      wordsFromHex(blob.id, this.#words)
      const packAndType = (number << 1) | (blob.type === 'tree' ? 1 : 0)
      this.#append(packAndType, blob.offset, blob.lengthBytes, blob.uncompressedBytes ?? 0)
    }
  }

  /**
   * Takes in the content of an index file. Of packs that an earlier file has listed, only what is new is added.
   * @returns the ids of the packs that the file lists
   * @throws {SyntaxError} when it is no index
   */
  addIndexFile(bytes: Uint8Array): string[] {
    const packIds: string[] = []
    const pending: number[] = []
    readIndexFile(bytes, {
      blob(_bytes, idAt, isTree, offset, lengthBytes, uncompressedBytes) {
        pending.push(idAt, isTree ? 1 : 0, offset, lengthBytes, uncompressedBytes)
      },
      pack: (_bytes, packIdAt) => {
        const packId = textAt(bytes, packIdAt)
        packIds.push(packId)
        const known = this.#packNumbers.get(packId)
        const number = known ?? this.#packNumber(packId)
        for (let i = 0; i < pending.length; i += 5) {
          wordsFromHexBytes(bytes, pending[i] ?? 0, this.#words)
          const packAndType = (number << 1) | (pending[i + 1] ?? 0)
          const offset = pending[i + 2] ?? 0
          if (known !== undefined && this.#isListed(packAndType, offset)) continue
          this.#append(packAndType, offset, pending[i + 3] ?? 0, pending[i + 4] ?? 0)
        }
        pending.length = 0
      },
    })
    return packIds
  }

  share(): SharedBlobIndex {
    return { slots: this.#slots, ids: this.#ids, places: this.#places, count: this.#count }
  }

  /** Whether the blob in `#words` is known to lie at this place of this pack. */
  #isListed(packAndType: number, offset: number): boolean {
    for (let nth = 0; ; nth++) {
      const entry = findEntry(this.#slots, this.#ids, this.#places, this.#words, packAndType & 1, nth)
      if (entry < 0) return false
      const place = entry * placeWords
      if (this.#places[place] === packAndType && this.#places[place + 1] === offset) return true
    }
  }

  #packNumber(packId: string): number {
    const number = this.#packIds.length
    this.#packIds.push(packId)
    this.#packNumbers.set(packId, number)
    return number
  }

  #append(packAndType: number, offset: number, lengthBytes: number, uncompressedBytes: number): void {
    if ((this.#count + 1) * placeWords > this.#places.length) this.#grow()
    const entry = this.#count++
    this.#ids.set(this.#words, entry * idWords)
    const place = entry * placeWords
    this.#places[place] = packAndType
    this.#places[place + 1] = offset
    this.#places[place + 2] = lengthBytes
    this.#places[place + 3] = uncompressedBytes
    insertSlot(this.#slots, this.#words[0] ?? 0, entry)
  }

  #grow(): void {
    // Nothing is copied and nothing is touched before it is used, so that much at a time costs nothing.
    const capacity = this.#count + Math.max(firstCapacity, this.#count >> 1)
    this.#ids = grown(this.#ids, capacity * idWords)
    this.#places = grown(this.#places, capacity * placeWords)
    if (capacity * 1.25 <= this.#slots.length) return
    this.#slots = sharedWords(2 ** Math.ceil(Math.log2(capacity * 1.5)))
    for (let entry = 0; entry < this.#count; entry++) {
      insertSlot(this.#slots, this.#ids[entry * idWords] ?? 0, entry)
    }
  }

  #find(type: BlobType, id: string, nth: number): number {
    wordsFromHex(id, this.#words)
    return findEntry(this.#slots, this.#ids, this.#places, this.#words, type === 'tree' ? 1 : 0, nth)
  }

  #location(entry: number): BlobLocation {
    const packId = this.#packIds[this.packNumberOf(entry)] ?? ''
    return { packId, ...packedBlob(this.#ids, this.#places, entry) }
  }
}

function packedBlob(ids: Uint32Array, places: Uint32Array, entry: number): PackedBlob {
  const place = entry * placeWords
  const uncompressedBytes = places[place + 3] ?? 0
  const idBytes = new Uint8Array(ids.slice(entry * idWords, (entry + 1) * idWords).buffer)
  return {
    type: (places[place] ?? 0) & 1 ? 'tree' : 'data',
    id: idBytes.toHex(),
    offset: places[place + 1] ?? 0,
    lengthBytes: places[place + 2] ?? 0,
    ...(uncompressedBytes > 0 ? { uncompressedBytes } : {}),
  }
}

/** Whether a shared index knows a blob. */
export class SharedBlobLookup {
  readonly #index: SharedBlobIndex
  readonly #words = new Uint32Array(idWords)

  constructor(index: SharedBlobIndex) {
    this.#index = index
  }

  has(type: BlobType, id: string): boolean {
    return this.entryOf(type, id) >= 0
  }

  /** The same of an ID that stands somewhere in a text. */
  hasAt(type: BlobType, text: string, at: number): boolean {
    return this.has(type, text.slice(at, at + 2 * 4 * idWords))
  }

  /** As in {@link BlobIndex.entryOf}. */
  entryOf(type: BlobType, id: string): number {
    return this.#find(type, id, 0)
  }

  /** The blob that an entry lists. */
  blobOf(entry: number): PackedBlob {
    return packedBlob(this.#index.ids, this.#index.places, entry)
  }

  /** Whether the index lists a blob at exactly this place of a pack. */
  lists(packNumber: number, { type, id, offset, lengthBytes, uncompressedBytes }: PackedBlob): boolean {
    const { places } = this.#index
    for (let nth = 0; ; nth++) {
      const entry = this.#find(type, id, nth)
      if (entry < 0) return false
      const place = entry * placeWords
      if ((places[place] ?? 0) >>> 1 === packNumber && places[place + 1] === offset) {
        return places[place + 2] === lengthBytes && places[place + 3] === (uncompressedBytes ?? 0)
      }
    }
  }

  #find(type: BlobType, id: string, nth: number): number {
    const { slots, ids, places } = this.#index
    wordsFromHex(id, this.#words)
    return findEntry(slots, ids, places, this.#words, type === 'tree' ? 1 : 0, nth)
  }
}

/** Slots hold the number of an entry plus one; collisions go to the next slot. */
function insertSlot(slots: Uint32Array, hash: number, entry: number): void {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = entry + 1
}

function findEntry(
  slots: Uint32Array,
  ids: Uint32Array,
  places: Uint32Array,
  words: Uint32Array,
  treeBit: number,
  nth: number,
): number {
  const mask = slots.length - 1
  let left = nth
  for (let slot = (words[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
    const entry = (slots[slot] ?? 0) - 1
    if (entry < 0) return -1
    if (((places[entry * placeWords] ?? 0) & 1) === treeBit && sameId(ids, entry * idWords, words)) {
      if (left-- === 0) return entry
    }
  }
}

function sameId(ids: Uint32Array, at: number, words: Uint32Array): boolean {
  for (let i = 0; i < idWords; i++) if (ids[at + i] !== words[i]) return false
  return true
}

function sharedWords(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4))
}

/** Of addresses, which are not memory yet: an index of 268 million blobs. */
const maxBytes = 2 ** 33

function growableWords(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4, { maxByteLength: maxBytes }), 0, length)
}

/** The same memory, and more behind it. */
function grown({ buffer }: Uint32Array, length: number): Uint32Array {
  if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('this memory can not grow')
  buffer.grow(length * 4)
  return new Uint32Array(buffer, 0, length)
}

function textAt(bytes: Uint8Array, at: number): string {
  return new TextDecoder('latin1').decode(bytes.subarray(at, at + 64))
}
