/** Runs a limited number of tasks at once; the first failure stops the rest from being started. */
export class AtOnce {
  readonly #limit: number
  readonly #running = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Starts a task, and waits until another may be started. @throws what an earlier task failed with */
  async start(task: () => Promise<void>): Promise<void> {
    this.#throwFailure()
    const running: Promise<void> = task()
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
    if (this.#running.size >= this.#limit) await Promise.race(this.#running)
    this.#throwFailure()
  }

  /** Waits for all tasks. @throws the first failure */
  async finish(): Promise<void> {
    await Promise.all(this.#running)
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }
}
