import type { DiskRoom } from '@granary/object-store'

const mostKeptBytes = 64 * 1024 * 1024
const mostKeptFiles = 20_000

/** What may yet be stored somewhere. */
export interface SpareRoom {
  readonly bytes: number
  readonly files: number
}

/**
 * What may be taken of a disk that runs full. 64 MiB and 20 000 files, or 2 % of a small one, are kept free: without them
 * the database could not write down what is removed, nor a trash be made, and nobody could make room any more. Where a file
 * system does not tell, as some that programs provide, there is room until it refuses.
 * @param share of what is kept free that is not to be touched
 */
export function spareOf(room: DiskRoom, share = 1): SpareRoom {
  return {
    bytes:
      room.totalBytes === 0
        ? Number.POSITIVE_INFINITY
        : room.freeBytes - share * Math.min(mostKeptBytes, room.totalBytes / 50),
    files: room.freeFiles - share * Math.min(mostKeptFiles, room.totalFiles / 50),
  }
}
