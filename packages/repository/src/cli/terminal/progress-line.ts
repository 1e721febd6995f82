import type { Writable } from 'node:stream'
import cliProgress from 'cli-progress'

/** The one line at the bottom of a terminal that shows how far a step has come. */
export class ProgressLine {
  readonly #stream: Writable
  #bar: cliProgress.SingleBar | undefined
  #step = ''

  constructor(stream: Writable) {
    this.#stream = stream
  }

  show({ step, done, total }: { step: string; done: number; total?: number }): void {
    if (!this.#bar || step !== this.#step) this.#begin(step, total)
    if (total !== undefined) this.#bar?.setTotal(total)
    this.#bar?.update(done)
  }

  clear(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #begin(step: string, total: number | undefined): void {
    this.clear()
    this.#step = step
    const format =
      total === undefined
        ? `{value} ${step} ({duration_formatted})`
        : `{bar} {value} / {total} ${step} ({eta_formatted})`
    this.#bar = new cliProgress.SingleBar(
      { format, stream: this.#stream as NodeJS.WritableStream, clearOnComplete: true, hideCursor: true },
      cliProgress.Presets.shades_classic,
    )
    this.#bar.start(total ?? 0, 0)
  }
}
