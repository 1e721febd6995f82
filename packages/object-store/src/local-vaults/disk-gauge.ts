import { statfsSync } from 'node:fs'

/** How old a figure may be, where so much was free that it can't be gone meanwhile. */
const freshMs = 250
const plentyBytes = 2 * 1024 * 1024 * 1024

/** Room on a disk, in bytes. */
export interface DiskRoom {
  readonly freeBytes: number
  readonly totalBytes: number
}

/** Says how much room the disk under a folder has: on one that runs full as it is now, else as of a moment ago. */
export class DiskGauge {
  readonly #folder: string
  #room: (DiskRoom & { readonly at: number }) | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  read(): DiskRoom {
    const at = performance.now()
    if (this.#room !== undefined && this.#room.freeBytes > plentyBytes && at - this.#room.at <= freshMs)
      return this.#room
    const { bavail, blocks, bsize } = statfsSync(this.#folder)
    this.#room = { freeBytes: bavail * bsize, totalBytes: blocks * bsize, at }
    return this.#room
  }
}
