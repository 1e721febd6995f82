import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Received bytes after which the young generation is swept. */
const sweptBytes = 4 * 1024 * 1024

let receivedBytes = 0
let sweep: NodeJS.GCFunction | undefined

/**
 * Sweeps the young generation after every few mebibytes of bodies. Each chunk of a body is memory outside the heap,
 * garbage as soon as it has been taken over. Left to itself the engine notices only by the tens of mebibytes, and then
 * marks the whole heap; swept early, the same memory is used again at once.
 */
export function sweepReceived(bytes: number): void {
  receivedBytes += bytes
  if (receivedBytes < sweptBytes) return
  receivedBytes = 0
  sweep ??= exposeSweep()
  sweep({ type: 'minor', execution: 'sync' })
}

/**
 * The collector is had without the flag `--expose-gc` for the whole process: compiled code is kept by flags, and Node's own
 * modules and ours would be compiled anew at each start.
 */
function exposeSweep(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NodeJS.GCFunction
  setFlagsFromString('--no-expose-gc')
  return collect
}
