/**
 * Memory in which uploads gather what they receive, so that they write in large pieces and what the network
 * delivered is garbage at once. It is handed round between uploads and stays flat however many there are.
 */
export const slabBytes = 256 * 1024
/** With few uploads under way each writes a mebibyte at a time, which costs the least. */
const mostSlabs = 4
/** What all uploads together may gather before each one gets a single slab. */
const sharedSlabs = 48
/** Slabs kept for the next upload. */
const keptSlabs = 32

export class Gathering {
  #uploads = 0
  readonly #free: Buffer[] = []

  begin(): void {
    this.#uploads += 1
  }

  end(): void {
    this.#uploads -= 1
  }

  /** Whether one upload only is under way in this process. */
  get isAlone(): boolean {
    return this.#uploads <= 1
  }

  /** Slabs that an upload fills before it writes, now; it may be filling as many while those are written. */
  get slabs(): number {
    return Math.max(1, Math.min(mostSlabs, Math.floor(sharedSlabs / (2 * Math.max(1, this.#uploads)))))
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(slabBytes)
  }

  giveBack(slabs: readonly Buffer[]): void {
    for (const slab of slabs) if (this.#free.length < keptSlabs) this.#free.push(slab)
  }
}
