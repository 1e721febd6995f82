import { randomUUID } from 'node:crypto'
import { cutRange, joinBytes } from './object-bytes.ts'
import {
  type ByteRange,
  describeHandle,
  ObjectExistsError,
  type ObjectHandle,
  ObjectNotFoundError,
  type ObjectStore,
  type ObjectSummary,
  type ObjectType,
} from './object-store.ts'

/** A repository in the memory of this process, for trials and for tests of what stands on a store. */
export class MemoryStore implements ObjectStore {
  readonly location = `memory:${randomUUID()}`
  readonly #objects = new Map<string, { handle: ObjectHandle; content: Uint8Array }>()

  async create(): Promise<void> {}

  async write(handle: ObjectHandle, content: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const bytes = joinBytes(content).slice()
    const existing = this.#objects.get(describeHandle(handle))
    if (existing && Buffer.compare(existing.content, bytes) !== 0) {
      throw new ObjectExistsError(handle, this.location)
    }
    this.#objects.set(describeHandle(handle), { handle, content: bytes })
  }

  async read(handle: ObjectHandle, range?: ByteRange): Promise<Uint8Array> {
    return cutRange(this.#find(handle), range, describeHandle(handle)).slice()
  }

  async stat(handle: ObjectHandle): Promise<ObjectSummary> {
    return { name: handle.name, bytes: this.#find(handle).length }
  }

  async *list(type: ObjectType): AsyncIterable<ObjectSummary> {
    for (const { handle, content } of [...this.#objects.values()]) {
      if (handle.type === type) yield { name: handle.name, bytes: content.length }
    }
  }

  async remove(handle: ObjectHandle): Promise<void> {
    this.#objects.delete(describeHandle(handle))
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #find(handle: ObjectHandle): Uint8Array {
    const object = this.#objects.get(describeHandle(handle))
    if (!object) throw new ObjectNotFoundError(handle, this.location)
    return object.content
  }
}
