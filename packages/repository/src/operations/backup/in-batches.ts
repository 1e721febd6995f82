/** What came of an item: its result, or nothing where it was not begun and has to wait for another batch. */
export type BatchOutcome<Result> = Result | null

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs items in batches, a limited number of them at once: most are small, and a message to a thread costs more than
 * the work on one. The latest come first: a walk goes deep before it goes wide.
 */
export class InBatches<Item, Result> {
  readonly #batchesAtOnce: number
  readonly #itemsPerBatch: number
  readonly #run: (items: readonly Item[]) => Promise<readonly BatchOutcome<Result>[]>
  readonly #waiting: Waiting<Item, Result>[] = []
  #running = 0
  #isStarting = false

  constructor(
    limits: { readonly batchesAtOnce: number; readonly itemsPerBatch: number },
    run: (items: readonly Item[]) => Promise<readonly BatchOutcome<Result>[]>,
  ) {
    this.#batchesAtOnce = limits.batchesAtOnce
    this.#itemsPerBatch = limits.itemsPerBatch
    this.#run = run
  }

  /** @throws what its batch fails with */
  run(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#startSoon()
    })
  }

  /** Items mostly come many at once: a batch begins when all of them are there. */
  #startSoon(): void {
    if (this.#isStarting) return
    this.#isStarting = true
    queueMicrotask(() => {
      this.#isStarting = false
      this.#start()
    })
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#running < this.#batchesAtOnce) {
      // Few items are shared out rather than left to one thread.
      const share = Math.ceil(this.#waiting.length / (this.#batchesAtOnce - this.#running))
      this.#running++
      this.#runBatch(this.#waiting.splice(-Math.min(share, this.#itemsPerBatch)))
    }
  }

  async #runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.#run(batch.map(({ item }) => item))
      for (const [place, waiting] of batch.entries()) {
        const outcome = outcomes[place] ?? null
        if (outcome === null) this.#waiting.push(waiting)
        else waiting.resolve(outcome)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      this.#running--
      this.#startSoon()
    }
  }
}
