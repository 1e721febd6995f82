import type { PackMemory } from '../packs/pack-builder.ts'

/**
 * A fixed number of buffers for packs, shared by all threads. A thread that finds none free waits until an upload
 * has ended: that bounds the memory, and keeps reading from running ahead of the network.
 */
export interface SharedBuffers {
  readonly buffers: readonly SharedArrayBuffer[]
  /** 1 where a buffer is in use; the last number counts releases, to wait on. */
  readonly inUse: Int32Array
}

export function createSharedBuffers(count: number, bytes: number): SharedBuffers {
  return {
    // Pages come into being when they are first touched.
    buffers: Array.from({ length: count }, () => new SharedArrayBuffer(bytes)),
    inUse: new Int32Array(new SharedArrayBuffer((count + 1) * 4)),
  }
}

/** The side of the threads that fill packs. Waiting blocks the thread. */
export class SharedPackMemory implements PackMemory {
  readonly #shared: SharedBuffers

  constructor(shared: SharedBuffers) {
    this.#shared = shared
  }

  take(bytes: number): Uint8Array {
    const { buffers, inUse } = this.#shared
    for (;;) {
      const releases = Atomics.load(inUse, buffers.length)
      for (const [i, buffer] of buffers.entries()) {
        if (buffer.byteLength < bytes) throw new RangeError(`a pack needs ${bytes} bytes of memory`)
        if (Atomics.compareExchange(inUse, i, 0, 1) === 0) return new Uint8Array(buffer)
      }
      Atomics.wait(inUse, buffers.length, releases)
    }
  }

  /** The number of the buffer that a pack lies in. */
  numberOf(content: Uint8Array): number {
    return this.#shared.buffers.indexOf(content.buffer as SharedArrayBuffer)
  }
}

/** The side of the thread that uploads: gives the memory of a pack back. */
export function releaseBuffer({ buffers, inUse }: SharedBuffers, number: number): void {
  Atomics.store(inUse, number, 0)
  Atomics.add(inUse, buffers.length, 1)
  Atomics.notify(inUse, buffers.length)
}
