import { statfsSync } from 'node:fs'

/** How old figures may be, where so much was free that it can't be gone meanwhile. */
const freshMs = 250
const plenty = { bytes: 2 * 1024 * 1024 * 1024, files: 200_000 } as const

/** Room on a disk. */
export interface DiskRoom {
  readonly freeBytes: number
  readonly totalBytes: number
  /** Files and folders that can yet be made; infinite where the file system makes room for them as it goes */
  readonly freeFiles: number
  readonly totalFiles: number
}

export const endlessFiles = { freeFiles: Number.POSITIVE_INFINITY, totalFiles: Number.POSITIVE_INFINITY }

/** Says how much room the disk under a folder has: on one that runs full as it is now, else as of a moment ago. */
export class DiskGauge {
  readonly #folder: string
  #room: (DiskRoom & { readonly at: number }) | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  read(): DiskRoom {
    const at = performance.now()
    if (this.#room !== undefined && hasPlenty(this.#room) && at - this.#room.at <= freshMs) return this.#room
    const { bavail, blocks, bsize, files, ffree } = statfsSync(this.#folder)
    this.#room = {
      ...{ freeBytes: bavail * bsize, totalBytes: blocks * bsize, at },
      ...(files === 0 ? endlessFiles : { freeFiles: ffree, totalFiles: files }),
    }
    return this.#room
  }
}

function hasPlenty({ freeBytes, freeFiles }: DiskRoom): boolean {
  return freeBytes > plenty.bytes && freeFiles > plenty.files
}
