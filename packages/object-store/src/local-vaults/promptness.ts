/** An operation that takes longer came from the disk, or waited for it, rather than from memory. */
const slowMs = 4
/** How long to hand work to another thread after a slow operation. */
const cautionMs = 1000
/** A flush that is sooner done than other threads are woken is waited for in place. */
const quickFlushMs = 1.5

/**
 * Decides where to wait for the file system. What the system has in memory is done in microseconds, less than it
 * costs to hand the work to another thread; so it is done in place until something takes long, and then on other
 * threads for a while, so that a slow disk holds up only who waits for it.
 */
export class Promptness {
  #cautiousUntil = 0
  /** Of flushes, moving. Begins cautiously. */
  #averageFlushMs = 10

  /** Does it in place, or elsewhere when the disk has been slow. */
  run<Result>(inPlace: () => Result, elsewhere: () => Promise<Result>): Result | Promise<Result> {
    const began = performance.now()
    if (began < this.#cautiousUntil) return elsewhere()
    try {
      return inPlace()
    } finally {
      const ended = performance.now()
      if (ended - began > slowMs) this.#cautiousUntil = ended + cautionMs
    }
  }

  /** Flushes in place when nobody else waits for this thread and flushes have been quick. */
  async flush(isAlone: boolean, inPlace: () => void, elsewhere: () => Promise<void>): Promise<void> {
    const began = performance.now()
    if (isAlone && this.#averageFlushMs < quickFlushMs && began >= this.#cautiousUntil) inPlace()
    else await elsewhere()
    this.#averageFlushMs += (performance.now() - began - this.#averageFlushMs) / 8
  }
}
