import { pbkdf2Sync } from 'node:crypto'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { portablePrimitives } from './portable-primitives.ts'
import type { Primitives } from './primitives.ts'
import type { ScryptWork } from './scrypt-worker.ts'

/** Below this the start of a thread takes longer than the work: 128 × N × r × p bytes. */
const minParallelBytes = 64 * 1024 * 1024
const maxMemoryBytes = 256 * 1024 * 1024

/**
 * scrypt with its lanes on all cores; OpenSSL computes them one after the other. Opening a repository takes little
 * else, and restic's repositories mostly have 5 to 10 lanes.
 * @see RFC 7914, section 6
 */
export const parallelScrypt: Primitives['scrypt'] = async (password, salt, cost, lengthBytes) => {
  const { N, r, p } = cost
  // A thread takes two lanes at a time.
  const threads = Math.min(
    Math.ceil(p / 2),
    availableParallelism(),
    Math.floor(maxMemoryBytes / (128 * N * r)),
  )
  if (threads < 2 || 128 * N * r * p < minParallelBytes) {
    return portablePrimitives.scrypt(password, salt, cost, lengthBytes)
  }
  const lanes = new SharedArrayBuffer(p * 128 * r)
  const bytes = new Uint8Array(lanes)
  bytes.set(pbkdf2Sync(password, salt, 1, bytes.length, 'sha256'))
  const work: ScryptWork = { N, r, lanes, taken: new Int32Array(new SharedArrayBuffer(4)) }
  await Promise.all(Array.from({ length: threads }, () => mixLanes(work)))
  return pbkdf2Sync(password, Uint8Array.from(bytes), 1, lengthBytes, 'sha256')
}

async function mixLanes(work: ScryptWork): Promise<void> {
  // Built for publishing, the files end in .js.
  const file = new URL(`./scrypt-worker${path.extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, { workerData: work, execArgv: [] })
  try {
    await once(worker, 'message')
  } finally {
    // Its memory goes at once.
    await worker.terminate()
  }
}
