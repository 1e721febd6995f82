/**
 * Lets the writers of one process take turns. SQLite has one writer at a time; two connections of the same
 * process that waited for each other inside SQLite would wait for ever, as both need this thread to go on.
 */
export class WriteTurn {
  #last: Promise<void> = Promise.resolve()

  /** @returns the function that ends the turn */
  async take(): Promise<() => void> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return resolve
  }
}
