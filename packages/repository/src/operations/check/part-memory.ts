/**
 * A limited number of pieces of memory, which threads share and which are used again: nothing is copied, nothing is left
 * for the collector, and whoever reads waits for whoever is at work on what was read before.
 */
export class PartMemory {
  readonly #bytes: number
  readonly #free: SharedArrayBuffer[]
  readonly #waiting: ((piece: SharedArrayBuffer) => void)[] = []

  /** @param bytes of a piece; pages that are not touched cost nothing */
  constructor(pieces: number, bytes: number) {
    this.#bytes = bytes
    this.#free = Array.from({ length: pieces }, () => new SharedArrayBuffer(bytes))
  }

  /** Waits for a piece; where all are too short, for leave to make a longer one. */
  async take(bytes: number): Promise<SharedArrayBuffer> {
    const piece =
      this.#free.pop() ?? (await new Promise<SharedArrayBuffer>((free) => this.#waiting.push(free)))
    return piece.byteLength >= bytes ? piece : new SharedArrayBuffer(bytes)
  }

  /** A longer one is not kept. */
  give(taken: SharedArrayBuffer): void {
    const piece = taken.byteLength > this.#bytes ? new SharedArrayBuffer(this.#bytes) : taken
    const next = this.#waiting.shift()
    if (next) next(piece)
    else this.#free.push(piece)
  }
}
