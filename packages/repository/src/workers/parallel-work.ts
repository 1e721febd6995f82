/**
 * Parts of one piece of work that go on side by side. When it is disposed of, because one of them failed or all are
 * done, the others are told to end, and waited for: none goes on behind the back of whoever started them.
 */
export class ParallelWork implements AsyncDisposable {
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  readonly #parts: Promise<unknown>[] = []

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal
  }

  start<Result>(part: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const started = part(this.#signal)
    this.#parts.push(started)
    // Thrown where it is awaited.
    started.catch(() => {})
    return started
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.allSettled(this.#parts)
  }
}
