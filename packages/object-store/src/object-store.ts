/**
 * The port through which a repository is read and written: whole objects, addressed by type and name.
 * Adopted by the local folder, the REST client and the memory store; all pass one conformance suite.
 */

/** restic's file types; every type but `config` holds objects named by the SHA-256 of their bytes. */
export const objectTypes = ['config', 'keys', 'locks', 'snapshots', 'index', 'data'] as const
export type ObjectType = (typeof objectTypes)[number]

/** `name` is 64 lower-case hex digits, and the empty string for `config`. */
export interface ObjectHandle {
  readonly type: ObjectType
  readonly name: string
}

export interface ObjectSummary {
  readonly name: string
  readonly bytes: number
}

/** A part of an object; `length` may be left out to read to the end. */
export interface ByteRange {
  readonly offset: number
  readonly length?: number
}

export interface ObjectStore {
  /** What people call this store, without credentials: a folder or a URL. */
  readonly location: string
  /** Makes the place ready for a repository; harmless when it is already. */
  create(): Promise<void>
  /**
   * Stores a whole object, durably and all or nothing. Writing an existing name with the same bytes succeeds.
   * @throws {ObjectExistsError} when the name exists with other bytes
   */
  write(handle: ObjectHandle, content: Uint8Array | readonly Uint8Array[]): Promise<void>
  /**
   * Reads an object or a part of it.
   * @param into memory that a store may use where it is long enough; the result tells whether it did
   * @throws {ObjectNotFoundError} when there is none
   * @throws {RangeError} when the range lies outside the object
   */
  read(handle: ObjectHandle, range?: ByteRange, into?: Uint8Array): Promise<Uint8Array>
  /** @throws {ObjectNotFoundError} when there is none */
  stat(handle: ObjectHandle): Promise<ObjectSummary>
  /** Everything of one type, in no particular order; what was written before is always in it. */
  list(type: ObjectType): AsyncIterable<ObjectSummary>
  /** Removes an object; removing what is not there succeeds. */
  remove(handle: ObjectHandle): Promise<void>
  /** Lets go of connections and files. */
  [Symbol.asyncDispose](): Promise<void>
}

export class ObjectNotFoundError extends Error {
  override readonly name = 'ObjectNotFoundError'
  readonly handle: ObjectHandle
  constructor(handle: ObjectHandle, location: string) {
    super(`${describeHandle(handle)} does not exist in ${location}`)
    this.handle = handle
  }
}

export class ObjectExistsError extends Error {
  override readonly name = 'ObjectExistsError'
  readonly handle: ObjectHandle
  constructor(handle: ObjectHandle, location: string) {
    super(`${describeHandle(handle)} already exists in ${location} with other content`)
    this.handle = handle
  }
}

/** `data/73f0…`, as people and logs name an object. */
export function describeHandle(handle: ObjectHandle): string {
  return handle.type === 'config' ? 'config' : `${handle.type}/${handle.name}`
}
