import { close, fdatasync, fdatasyncSync, openSync } from 'node:fs'
import { promisify } from 'node:util'

const closeFile = promisify(close)
const syncData = promisify(fdatasync)

/** A flush that is sooner done than other threads are woken is waited for in place. */
const quickMs = 1.5

/**
 * Makes commits durable without stopping the thread. SQLite runs with `synchronous=NORMAL`, which keeps the
 * database consistent in a power cut but leaves the last commits to the operating system; this flushes the
 * write-ahead log itself, and whoever committed waits for it before answering anyone. Commits that arrive
 * during a flush share the next one.
 *
 * The log's file is safe to open beside SQLite: its locks lie on the `-shm` file, and the log is neither
 * replaced nor removed while a connection is open.
 * @see https://sqlite.org/wal.html and https://sqlite.org/pragma.html#pragma_synchronous
 */
export class WalDurability {
  readonly #path: string
  #file: number | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  /** Of flushes, moving. Begins cautiously. */
  #averageMs = 10

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`
  }

  /**
   * Resolves when everything committed before the call is on the disk.
   * @param options.alone nobody else waits for this thread
   */
  async flush({ alone }: { alone: boolean }): Promise<void> {
    if (alone && this.#running === undefined && this.#averageMs < quickMs) this.#flushInPlace()
    else await this.#flushElsewhere()
  }

  #flushInPlace(): void {
    this.#file ??= openSync(this.#path, 'r')
    const began = performance.now()
    fdatasyncSync(this.#file)
    this.#took(performance.now() - began)
  }

  #took(ms: number): void {
    this.#averageMs += (ms - this.#averageMs) / 8
  }

  #flushElsewhere(): Promise<void> {
    if (this.#running === undefined) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    )
    return this.#next
  }

  #start(): Promise<void> {
    this.#next = undefined
    this.#file ??= openSync(this.#path, 'r')
    const began = performance.now()
    const running = syncData(this.#file).finally(() => {
      this.#took(performance.now() - began)
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }

  async close(): Promise<void> {
    await this.#running
    if (this.#file !== undefined) await closeFile(this.#file)
    this.#file = undefined
  }
}
