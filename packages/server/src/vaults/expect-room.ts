import { ProblemError } from '@granary/contract'
import type { ObjectHandle, VaultStore } from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import { type SpareRoom, spareOf } from '../platform/kept-room.ts'

interface Disks {
  readonly store: VaultStore
  readonly database: Database
}

/**
 * Refuses what would take the room that is kept free, on the disk of the vault or on that of the database. Of uploads
 * that come in together nobody knows beforehand how much they will take, so each is asked for again as it comes in, and
 * once it is written.
 * @param bytes still to be written
 * @throws {ProblemError} `storage-full`
 */
export function expectRoom(disks: Disks, folder: string, handle: ObjectHandle, bytes: number): void {
  // Nothing is pruned without a lock; but some of it is the database's.
  if (!hasRoom(disks, folder, bytes, handle.type === 'locks' ? 1 / 4 : 1))
    throw new ProblemError('storage-full')
}

/**
 * Whether a file of so many bytes may be stored in a vault.
 * @param share of the room kept free that is not to be touched
 */
export function hasRoom(disks: Disks, folder: string, bytes: number, share = 1): boolean {
  const spare = spareRoom(disks, folder, share)
  return spare.bytes >= bytes && spare.files >= 0
}

/**
 * What may yet be stored in a vault.
 * @param share of the room kept free that is not to be touched
 */
export function spareRoom({ store, database }: Disks, folder: string, share = 1): SpareRoom {
  // Asked for each part of a body that comes in.
  const spare = spareOf(store.room(folder), share)
  const room = database.room()
  if (room === null) return spare
  const besideDatabase = spareOf(room, share)
  return {
    bytes: Math.min(spare.bytes, besideDatabase.bytes),
    files: Math.min(spare.files, besideDatabase.files),
  }
}
