import { parentPort, workerData } from 'node:worker_threads'
import { ScryptMix } from './scrypt-mix.ts'

/** The thread's side of {@link parallelScrypt}: mixes lanes until none is left. */
export interface ScryptWork {
  readonly N: number
  readonly r: number
  /** All lanes, one after the other. */
  readonly lanes: SharedArrayBuffer
  /** How many lanes threads have taken. */
  readonly taken: Int32Array
}

const { N, r, lanes, taken }: ScryptWork = workerData
const laneBytes = 128 * r
const mix = new ScryptMix(N, r)
const takeLane = () => {
  const lane = Atomics.add(taken, 0, 1)
  return lane * laneBytes < lanes.byteLength ? new Uint8Array(lanes, lane * laneBytes, laneBytes) : undefined
}
for (;;) {
  const lane = takeLane()
  if (!lane) break
  mix.mix(lane, takeLane())
}
parentPort?.postMessage('done')
