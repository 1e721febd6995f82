import type { Transferable } from 'node:worker_threads'

/** What a job returns, with memory in it that goes over to the main thread instead of being copied. */
export class HandOver {
  readonly result: unknown
  readonly transfer: readonly Transferable[]

  constructor(result: unknown, transfer: readonly Transferable[]) {
    this.result = result
    this.transfer = transfer
  }
}
