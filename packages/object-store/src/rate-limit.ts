import { setTimeout as delay } from 'node:timers/promises'

/** What passes at once, as a part of a second: waits stay short, and a line that others share is never taken up. */
const partOfSecond = 10
const [leastSliceBytes, mostSliceBytes] = [1024, 64 * 1024]

/** Lets so many bytes a second pass, from all who ask together. */
export class RateLimit {
  /** How much to send before asking again. */
  readonly sliceBytes: number
  readonly #bytesPerSecond: number
  /** When everything that was let through will have been sent, in milliseconds. */
  #freeAt = 0

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond
    this.sliceBytes = Math.min(mostSliceBytes, Math.max(leastSliceBytes, bytesPerSecond / partOfSecond))
  }

  /** Resolves when bytes that were just sent or received are paid for with time. */
  async pass(bytes: number): Promise<void> {
    const now = performance.now()
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.#bytesPerSecond) * 1000
    await delay(this.#freeAt - now)
  }
}
