import type { DiskRoom } from './local-vaults/disk-gauge.ts'
import type { ObjectHandle, ObjectSummary, ObjectType } from './object-store.ts'

/** Objects up to this size lie in memory as a whole while they come in. */
export const smallBytes = 64 * 1024

/**
 * The port through which the server keeps the bytes of all its vaults. A vault is a folder by name, holding
 * one repository in restic's plain layout. The ledger in the server's database decides what is stored;
 * this port makes bytes durable, publishes them under their name, and moves them to the trash.
 *
 * What is called inside a database transaction (`withdraw`, `moveToTrash`, `returnFromTrash`, `remove`, an upload's
 * `showAgain`) answers at once, so that the transaction stays short.
 */
export interface VaultStore {
  /** What people call this store: a folder or a bucket. */
  readonly location: string
  /** Makes room for a vault; harmless when it is there. Uploads do it themselves when it was left out. */
  prepare(folder: string): Promise<void>
  /** The folders of all vaults that lie there, whoever knows of them. @throws {LocationMissingError} */
  vaults(): Iterable<string>
  /** Takes in an object. Nothing is visible under its name before `publish`. */
  receive(folder: string, handle: ObjectHandle): IncomingObject
  /** Opens a published object for reading; null when there is none. */
  open(folder: string, handle: ObjectHandle): StoredObject | null | Promise<StoredObject | null>
  /** @returns the size of a published object in bytes, or null when there is none */
  bytes(folder: string, handle: ObjectHandle): number | null
  /** @returns how long ago a published object got its name, in milliseconds; null when there is none */
  ageMs(folder: string, handle: ObjectHandle): number | null
  /** Everything published of one type; for reconciling with the ledger. */
  list(folder: string, type: ObjectType): AsyncIterable<ObjectSummary>
  /** Takes back what was published and not ledgered. */
  withdraw(folder: string, handle: ObjectHandle): void
  /** Removes a published object for good; for locks, which have no trash. */
  remove(folder: string, handle: ObjectHandle): void
  /**
   * Moves a published object to the trash. With `keepPublished` (the same bytes were uploaded again meanwhile)
   * it stays where it is as well. Harmless when it has been moved already: what is published still goes.
   * @returns false when there is nothing to move
   */
  moveToTrash(
    folder: string,
    handle: ObjectHandle,
    trashId: number,
    options: { keepPublished: boolean },
  ): boolean
  /**
   * Lets two entries of the trash hold the same bytes: the object was removed twice, and uploaded in between
   * before the first removal had moved it.
   * @returns false when the first entry holds nothing
   */
  shareTrash(folder: string, handle: ObjectHandle, fromTrashId: number, toTrashId: number): boolean
  /**
   * Brings back what one entry of the trash holds, under its name; the entry is gone then. Where the same bytes are
   * published already, they stay. Harmless when it has been done already.
   * @returns false when the object is neither in the trash nor published
   */
  returnFromTrash(folder: string, handle: ObjectHandle, trashId: number): boolean
  /** Which entries of the trash hold an object of this name; slow, for when something is missing. */
  findInTrash(folder: string, handle: ObjectHandle): number[]
  /** Removes what one entry of the trash holds, for good; harmless when it is gone. */
  purge(folder: string, handle: ObjectHandle, trashId: number): void
  /**
   * Takes a published object whose bytes are wrong out of the way, so that a good copy can be published; what it was
   * stays beside the vaults for whoever wants to look into it. Harmless when there is none.
   */
  setAside(folder: string, handle: ObjectHandle, asideId: number): void
  /** Removes a whole vault for good, with its trash; harmless when it is gone. */
  removeVault(folder: string): Promise<void>
  /** Resolves when earlier removals and moves of this object are durable. */
  settle(folder: string, handle: ObjectHandle): Promise<void>
  /**
   * Puts the content of an object where it belongs, under its name or into an entry of the trash, whether it has never
   * been there or is damaged. Durable after the next `flush`.
   * @returns false when it is there already
   * @throws {StorageFullError}
   */
  put(folder: string, handle: ObjectHandle, content: Uint8Array, options: { trashId: number | null }): boolean
  /** Whether it can `flush`. */
  readonly canFlush: boolean
  /** Makes durable, all at once, whatever was put before the call. */
  flush(): Promise<void>
  /** What processes that died left behind in the middle of taking in an object. */
  leftovers(isAlive: (processId: string) => boolean): Iterable<Leftover>
  /** Room left where a vault lies. */
  room(folder: string): DiskRoom
  close(): Promise<void>
}

/** An object on its way in. Whoever received it calls `discard` or `release` in the end, whatever happens. */
export interface IncomingObject {
  /** Bytes taken in so far. */
  readonly receivedBytes: number
  /**
   * Takes the next bytes; they must not change afterwards.
   * @returns a promise when the sender should wait until it resolves
   * @throws {StorageFullError}
   */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** All of it, as it is in memory; null when it is larger than `smallBytes`. To be asked for before `persist`. */
  smallContent(): Uint8Array | null
  /**
   * Ends it and computes the SHA-256; its bytes are not durable yet.
   * @returns 32 bytes
   */
  digest(): Buffer
  /** Makes the bytes durable. @throws {StorageFullError} */
  persist(): Promise<void>
  /** Shows it under its name, never over something else. @returns whether the name existed already */
  publish(): Promise<{ existed: boolean }>
  /** Resolves when the publication is durable. */
  settle(): Promise<void>
  /** Whether something is under its name: itself, or the same bytes of another upload. */
  isShown(): boolean
  /** Shows it under its name again, where a removal took that away. Answers at once, as it is called in a transaction. */
  showAgain(): void
  /** Lets go after the ledger has it. */
  release(): Promise<void>
  /** Lets go of everything, unpublished. */
  discard(): Promise<void>
}

export interface StoredObject {
  readonly bytes: number
  /** Reads all of it at once, without asking for its size first; null when it is larger. */
  readWhole(mostBytes: number): Buffer | null
  /** Reads exactly this part at once; for small parts. */
  readNow(offset: number, length: number): Buffer
  /** Reads into `target` from `position`. @returns bytes read, fewer only at the end */
  read(target: Uint8Array, position: number): number | Promise<number>
  close(): void
}

/** What a dead process was taking in. */
export interface Leftover {
  readonly folder: string
  readonly handle: ObjectHandle
  readonly processId: string
  /** Whether it has been published by this very process. */
  readonly published: boolean
  /** Publishes it after all: the ledger has it. */
  publish(): void
  /** Removes it, and what it published. */
  remove(options: { published: boolean }): void
}

/** The disk, or a quota on it, is full. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError'
}

/** A folder that vaults lie in is gone, most likely because its disk is not mounted. Nothing is read as missing then. */
export class LocationMissingError extends Error {
  override readonly name = 'LocationMissingError'
  readonly locationName: string
  constructor(locationName: string, folder: string) {
    super(`The storage location ${locationName} is not there. Mount the disk that belongs at ${folder}.`)
    this.locationName = locationName
  }
}
