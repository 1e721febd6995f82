/** Received bytes after which the young generation is swept. */
const sweptBytes = 4 * 1024 * 1024

let receivedBytes = 0

/**
 * Sweeps the young generation after every few mebibytes of bodies. Each chunk of a body is memory outside the heap,
 * garbage as soon as it has been taken over. Left to itself the engine notices only by the tens of mebibytes, and then
 * marks the whole heap; swept early, the same memory is used again at once.
 *
 * Needs the worker's flag `--expose-gc`; without it nothing happens.
 */
export function sweepReceived(bytes: number): void {
  receivedBytes += bytes
  if (receivedBytes < sweptBytes) return
  receivedBytes = 0
  globalThis.gc?.({ type: 'minor', execution: 'sync' })
}
