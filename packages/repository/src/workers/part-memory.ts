import { maxChunkBytes } from '../chunker/chunker.ts'
import { sealOverheadBytes } from '../crypto/repository-cipher.ts'

/** What pieces hold: a blob of the largest chunk, sealed. Pages that are not touched cost nothing. */
const pieceBytes = maxChunkBytes + sealOverheadBytes

/**
 * A limited number of pieces of memory, which threads share and which are used again: nothing is copied, nothing is left
 * for the collector, and whoever reads waits for whoever is at work on what was read before.
 */
export class PartMemory {
  readonly #free: SharedArrayBuffer[]
  readonly #waiting: ((piece: SharedArrayBuffer) => void)[] = []

  constructor(pieces: number) {
    this.#free = Array.from({ length: pieces }, () => new SharedArrayBuffer(pieceBytes))
  }

  /** Waits for a piece; where all are too short, for leave to make a longer one. */
  async take(bytes: number): Promise<SharedArrayBuffer> {
    const piece =
      this.#free.pop() ?? (await new Promise<SharedArrayBuffer>((free) => this.#waiting.push(free)))
    return piece.byteLength >= bytes ? piece : new SharedArrayBuffer(bytes)
  }

  /** A longer one is not kept: it is left to the collector, which takes its time. */
  give(taken: SharedArrayBuffer): void {
    const piece = taken.byteLength > pieceBytes ? new SharedArrayBuffer(pieceBytes) : taken
    const next = this.#waiting.shift()
    if (next) next(piece)
    else this.#free.push(piece)
  }
}
