import type { ObjectHandle, ObjectSummary, ObjectType } from '../object-store.ts'
import type { IncomingObject, Leftover, StoredObject, VaultStore } from '../vault-store.ts'
import type { DiskRoom } from './disk-gauge.ts'
import { canFlushFileSystem } from './file-system-flush.ts'
import type { LocalVaults } from './local-vaults.ts'
import { LocationFolder } from './location-folder.ts'

/** What the location is called that needs no marker and is always there. */
export const defaultLocation = 'default'

/** A folder that vaults may lie in. */
export interface VaultLocation {
  readonly name: string
  /** Absolute; marked as this location, unless it is the default */
  readonly folder: string
}

/**
 * Vaults in several local folders, usually one a disk. In which of them a vault lies is where its folder is, and it
 * stays there: the trash and what comes in lie on the same disk. A vault without a folder anywhere lies in the default
 * location, where its first upload makes it.
 */
export class LocatedVaults implements VaultStore {
  /** The default location first */
  readonly #locations: readonly LocationFolder[]
  /** Where vaults were found; they never move */
  readonly #found = new Map<string, LocationFolder>()
  /** Locations that something was put into since the last flush */
  #unflushed = new Set<LocationFolder>()

  /**
   * @param defaultFolder of the default location
   * @param others marked already
   * @param processId names this process among those that use the folders
   * @throws {LocationMissingError} when one of them is not there
   */
  constructor(defaultFolder: string, others: readonly VaultLocation[], processId: string) {
    this.#locations = [
      new LocationFolder({ name: defaultLocation, folder: defaultFolder, isMarked: false }, processId),
      ...others.map((other) => new LocationFolder({ ...other, isMarked: true }, processId)),
    ]
  }

  get location(): string {
    return this.#locations.map(({ folder }) => folder).join(', ')
  }

  get canFlush(): boolean {
    return canFlushFileSystem()
  }

  /** Whether a location's disk is mounted; false for an unknown name. */
  isThere(name: string): boolean {
    return this.#locations.find((each) => each.name === name)?.isThere() ?? false
  }

  /**
   * Makes the folder of a new vault, durably, in a location: from then on it lies there. One that lies elsewhere
   * already stays where it is.
   * @returns the location it lies in
   * @throws {LocationMissingError}
   */
  prepareIn(folder: string, name: string): string {
    const wanted = this.#locations.find((each) => each.name === name)
    if (wanted === undefined) throw new Error(`There is no storage location ${name}`)
    for (const other of this.#locations) {
      if (other !== wanted && other.has(folder) && !other.removeEmpty(folder)) return other.name
    }
    wanted.make(folder)
    return wanted.name
  }

  /** @throws {LocationMissingError} also when it may lie in one that is not there */
  #locate(folder: string): LocationFolder {
    const known = this.#found.get(folder)
    if (known !== undefined) return known
    for (const location of this.#locations) {
      if (!location.has(folder)) continue
      this.#found.set(folder, location)
      return location
    }
    // It may lie on a disk that is not mounted.
    for (const location of this.#locations) location.expectThere()
    return this.#locations[0] as LocationFolder
  }

  #at(folder: string): LocalVaults {
    return this.#locate(folder).vaults
  }

  prepare(folder: string): Promise<void> {
    return this.#at(folder).prepare(folder)
  }

  receive(folder: string, handle: ObjectHandle): IncomingObject {
    return this.#at(folder).receive(folder, handle)
  }

  open(folder: string, handle: ObjectHandle): StoredObject | null | Promise<StoredObject | null> {
    return this.#at(folder).open(folder, handle)
  }

  bytes(folder: string, handle: ObjectHandle): number | null {
    return this.#at(folder).bytes(folder, handle)
  }

  ageMs(folder: string, handle: ObjectHandle): number | null {
    return this.#at(folder).ageMs(folder, handle)
  }

  list(folder: string, type: ObjectType): AsyncIterable<ObjectSummary> {
    return this.#at(folder).list(folder, type)
  }

  withdraw(folder: string, handle: ObjectHandle): void {
    this.#at(folder).withdraw(folder, handle)
  }

  remove(folder: string, handle: ObjectHandle): void {
    this.#at(folder).remove(folder, handle)
  }

  moveToTrash(
    folder: string,
    handle: ObjectHandle,
    trashId: number,
    options: { keepPublished: boolean },
  ): boolean {
    return this.#at(folder).moveToTrash(folder, handle, trashId, options)
  }

  shareTrash(folder: string, handle: ObjectHandle, fromTrashId: number, toTrashId: number): boolean {
    return this.#at(folder).shareTrash(folder, handle, fromTrashId, toTrashId)
  }

  returnFromTrash(folder: string, handle: ObjectHandle, trashId: number): boolean {
    return this.#at(folder).returnFromTrash(folder, handle, trashId)
  }

  findInTrash(folder: string, handle: ObjectHandle): number[] {
    return this.#at(folder).findInTrash(folder, handle)
  }

  purge(folder: string, handle: ObjectHandle, trashId: number): void {
    this.#at(folder).purge(folder, handle, trashId)
  }

  setAside(folder: string, handle: ObjectHandle, asideId: number): void {
    this.#at(folder).setAside(folder, handle, asideId)
  }

  *vaults(): Iterable<string> {
    for (const { vaults } of this.#locations) yield* vaults.vaults()
  }

  async removeVault(folder: string): Promise<void> {
    // From all: one that was removed half before a crash has a trash, and no folder that says where.
    await Promise.all(this.#locations.map(({ vaults }) => vaults.removeVault(folder)))
    this.#found.delete(folder)
  }

  settle(folder: string, handle: ObjectHandle): Promise<void> {
    return this.#at(folder).settle(folder, handle)
  }

  put(
    folder: string,
    handle: ObjectHandle,
    content: Uint8Array,
    options: { trashId: number | null },
  ): boolean {
    const location = this.#locate(folder)
    this.#unflushed.add(location)
    return location.vaults.put(folder, handle, content, options)
  }

  async flush(): Promise<void> {
    const unflushed = this.#unflushed
    this.#unflushed = new Set()
    try {
      for (const { vaults } of unflushed) await vaults.flush()
    } catch (error) {
      for (const location of unflushed) this.#unflushed.add(location)
      throw error
    }
  }

  *leftovers(isAlive: (processId: string) => boolean): Iterable<Leftover> {
    for (const { vaults } of this.#locations) yield* vaults.leftovers(isAlive)
  }

  room(folder: string): DiskRoom {
    return this.#at(folder).room()
  }

  async close(): Promise<void> {
    await Promise.all(this.#locations.map((location) => location.close()))
  }
}
