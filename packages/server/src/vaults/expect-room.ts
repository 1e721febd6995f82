import { ProblemError } from '@granary/contract'
import type { ObjectHandle, VaultStore } from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import { type SpareRoom, spareOf } from '../platform/kept-room.ts'

/**
 * Refuses what would take the room that is kept free, on the disk of the vault or on that of the database. Of uploads
 * that come in together nobody knows beforehand how much they will take, so each is asked for again as it comes in, and
 * once it is written.
 * @param bytes still to be written
 * @throws {ProblemError} `storage-full`
 */
export function expectRoom(
  disks: { store: VaultStore; database: Database },
  folder: string,
  handle: ObjectHandle,
  bytes: number,
): void {
  // Nothing is pruned without a lock; but some of it is the database's.
  const share = handle.type === 'locks' ? 1 / 4 : 1
  const spare = spareRoom(disks, folder, share)
  if (spare.bytes < bytes || spare.files < 0) throw new ProblemError('storage-full')
}

/**
 * What may yet be stored in a vault.
 * @param share of the room kept free that is not to be touched
 */
export function spareRoom(
  { store, database }: { store: VaultStore; database: Database },
  folder: string,
  share = 1,
): SpareRoom {
  const rooms = [store.room(folder), database.room()].filter((room) => room !== null)
  const spare = rooms.map((room) => spareOf(room, share))
  return {
    bytes: Math.min(...spare.map(({ bytes }) => bytes)),
    files: Math.min(...spare.map(({ files }) => files)),
  }
}
