import { createHash, type Hash } from 'node:crypto'
import { type DiskRoom, endlessFiles } from './local-vaults/disk-gauge.ts'
import { describeHandle, type ObjectHandle, type ObjectSummary, type ObjectType } from './object-store.ts'
import type { IncomingObject, Leftover, StoredObject, VaultStore } from './vault-store.ts'
import { StorageFullError, smallBytes } from './vault-store.ts'

/** Vaults in memory, for trying things without a disk. */
export class MemoryVaults implements VaultStore {
  readonly location = 'memory'
  readonly canFlush = true
  readonly #published = new Map<string, Map<string, Buffer>>()
  readonly #trash = new Map<string, Buffer>()
  readonly #capacityBytes: number
  #storedBytes = 0

  constructor(options: { capacityBytes?: number } = {}) {
    this.#capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY
  }

  async prepare(): Promise<void> {}

  vaults(): Iterable<string> {
    return this.#published.keys()
  }

  receive(folder: string, handle: ObjectHandle): IncomingObject {
    return new IncomingMemory(this.#vault(folder), describeHandle(handle), (bytes) => this.#take(bytes))
  }

  open(folder: string, handle: ObjectHandle): StoredObject | null {
    const content = this.#vault(folder).get(describeHandle(handle))
    return content === undefined ? null : new StoredMemory(content)
  }

  bytes(folder: string, handle: ObjectHandle): number | null {
    return this.#vault(folder).get(describeHandle(handle))?.length ?? null
  }

  ageMs(folder: string, handle: ObjectHandle): number | null {
    return this.bytes(folder, handle) === null ? null : 0
  }

  async *list(folder: string, type: ObjectType): AsyncIterable<ObjectSummary> {
    for (const [key, content] of this.#vault(folder)) {
      if (key === type) yield { name: '', bytes: content.length }
      if (key.startsWith(`${type}/`)) yield { name: key.slice(type.length + 1), bytes: content.length }
    }
  }

  withdraw(folder: string, handle: ObjectHandle): void {
    this.remove(folder, handle)
  }

  remove(folder: string, handle: ObjectHandle): void {
    const vault = this.#vault(folder)
    const content = vault.get(describeHandle(handle))
    if (content === undefined) return
    vault.delete(describeHandle(handle))
    this.#take(-content.length)
  }

  moveToTrash(
    folder: string,
    handle: ObjectHandle,
    trashId: number,
    options: { keepPublished: boolean },
  ): boolean {
    const trashed = trashKey(folder, handle, trashId)
    if (this.#trash.has(trashed)) {
      if (!options.keepPublished) this.remove(folder, handle)
      return true
    }
    const vault = this.#vault(folder)
    const content = vault.get(describeHandle(handle))
    if (content === undefined) return false
    this.#trash.set(trashed, content)
    if (!options.keepPublished) vault.delete(describeHandle(handle))
    return true
  }

  shareTrash(folder: string, handle: ObjectHandle, fromTrashId: number, toTrashId: number): boolean {
    const content = this.#trash.get(trashKey(folder, handle, fromTrashId))
    if (content === undefined) return false
    this.#trash.set(trashKey(folder, handle, toTrashId), content)
    return true
  }

  returnFromTrash(folder: string, handle: ObjectHandle, trashId: number): boolean {
    const trashed = trashKey(folder, handle, trashId)
    const content = this.#trash.get(trashed)
    const vault = this.#vault(folder)
    const isPublished = vault.has(describeHandle(handle))
    if (content === undefined) return isPublished
    if (!isPublished) vault.set(describeHandle(handle), content)
    this.#trash.delete(trashed)
    return true
  }

  findInTrash(folder: string, handle: ObjectHandle): number[] {
    const prefix = `${folder}/${describeHandle(handle)}.`
    return [...this.#trash.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => Number(key.slice(prefix.length)))
  }

  purge(folder: string, handle: ObjectHandle, trashId: number): void {
    const content = this.#trash.get(trashKey(folder, handle, trashId))
    if (content === undefined) return
    this.#trash.delete(trashKey(folder, handle, trashId))
    this.#take(-content.length)
  }

  setAside(folder: string, handle: ObjectHandle): void {
    this.remove(folder, handle)
  }

  async removeVault(folder: string): Promise<void> {
    for (const content of this.#vault(folder).values()) this.#take(-content.length)
    this.#published.delete(folder)
    for (const [key, content] of this.#trash) {
      if (!key.startsWith(`${folder}/`)) continue
      this.#trash.delete(key)
      this.#take(-content.length)
    }
  }

  async settle(): Promise<void> {}

  put(
    folder: string,
    handle: ObjectHandle,
    content: Uint8Array,
    { trashId }: { trashId: number | null },
  ): boolean {
    const entries = trashId === null ? this.#vault(folder) : this.#trash
    const key = trashId === null ? describeHandle(handle) : trashKey(folder, handle, trashId)
    const present = entries.get(key)
    if (present?.equals(content)) return false
    this.#take(content.length - (present?.length ?? 0))
    entries.set(key, Buffer.from(content))
    return true
  }

  async flush(): Promise<void> {}

  *leftovers(): Iterable<Leftover> {}

  room(): DiskRoom {
    return {
      freeBytes: this.#capacityBytes - this.#storedBytes,
      totalBytes: this.#capacityBytes,
      ...endlessFiles,
    }
  }

  async close(): Promise<void> {}

  #vault(folder: string): Map<string, Buffer> {
    let vault = this.#published.get(folder)
    if (vault === undefined) {
      vault = new Map()
      this.#published.set(folder, vault)
    }
    return vault
  }

  #take(bytes: number): void {
    if (this.#storedBytes + bytes > this.#capacityBytes)
      throw new StorageFullError('The memory store is full')
    this.#storedBytes += bytes
  }
}

function trashKey(folder: string, handle: ObjectHandle, trashId: number): string {
  return `${folder}/${describeHandle(handle)}.${trashId}`
}

class IncomingMemory implements IncomingObject {
  readonly #vault: Map<string, Buffer>
  readonly #key: string
  readonly #take: (bytes: number) => void
  readonly #hash: Hash = createHash('sha256')
  #chunks: Uint8Array[] = []
  #content: Buffer | undefined
  #receivedBytes = 0
  /** Room taken for bytes that are not shown, in bytes */
  #heldBytes = 0

  constructor(vault: Map<string, Buffer>, key: string, take: (bytes: number) => void) {
    this.#vault = vault
    this.#key = key
    this.#take = take
  }

  get receivedBytes(): number {
    return this.#receivedBytes
  }

  write(chunk: Uint8Array): undefined {
    this.#hash.update(chunk)
    this.#chunks.push(chunk)
    this.#receivedBytes += chunk.length
  }

  digest(): Buffer {
    return this.#hash.digest()
  }

  smallContent(): Uint8Array | null {
    return this.#receivedBytes <= smallBytes ? Buffer.concat(this.#chunks) : null
  }

  async persist(): Promise<void> {
    this.#take(this.#receivedBytes)
    this.#heldBytes = this.#receivedBytes
    this.#content = Buffer.concat(this.#chunks)
    this.#chunks = []
  }

  async publish(): Promise<{ existed: boolean }> {
    if (this.isShown()) return { existed: true }
    this.showAgain()
    return { existed: false }
  }

  async settle(): Promise<void> {}

  isShown(): boolean {
    return this.#vault.has(this.#key)
  }

  showAgain(): void {
    if (this.isShown()) return
    // What it held went with the bytes, if it has been shown before.
    this.#take(this.#receivedBytes - this.#heldBytes)
    this.#heldBytes = 0
    this.#vault.set(this.#key, this.#persisted())
  }

  async release(): Promise<void> {
    this.#letGo()
  }

  async discard(): Promise<void> {
    this.#chunks = []
    this.#content = undefined
    this.#letGo()
  }

  #letGo(): void {
    this.#take(-this.#heldBytes)
    this.#heldBytes = 0
  }

  #persisted(): Buffer {
    if (this.#content === undefined) throw new Error('persist() comes before publish()')
    return this.#content
  }
}

class StoredMemory implements StoredObject {
  readonly #content: Buffer

  constructor(content: Buffer) {
    this.#content = content
  }

  get bytes(): number {
    return this.#content.length
  }

  readWhole(mostBytes: number): Buffer | null {
    return this.#content.length > mostBytes ? null : this.#content
  }

  readNow(offset: number, length: number): Buffer {
    return this.#content.subarray(offset, offset + length)
  }

  read(target: Uint8Array, position: number): number {
    const part = this.#content.subarray(position, position + target.length)
    target.set(part)
    return part.length
  }

  close(): void {}
}
