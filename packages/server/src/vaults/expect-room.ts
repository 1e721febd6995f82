import { ProblemError } from '@granary/contract'
import type { ObjectHandle, VaultStore } from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import { keptBytes } from '../platform/kept-room.ts'

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
  if (spareBytes(disks, folder, share) < bytes) throw new ProblemError('storage-full')
}

/**
 * Bytes that may yet be stored in a vault.
 * @param share of the room kept free that is not to be touched
 */
export function spareBytes(
  { store, database }: { store: VaultStore; database: Database },
  folder: string,
  share = 1,
): number {
  const rooms = [store.room(folder), database.room()].filter((room) => room !== null)
  return Math.min(...rooms.map((room) => room.freeBytes - keptBytes(room) * share))
}
