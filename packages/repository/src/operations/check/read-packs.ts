import { ObjectNotFoundError } from '@granary/object-store'
import type { EntriesByPack } from '../../index/entries-by-pack.ts'
import type { Repository } from '../../repository.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import type { VerifyPack } from './verify-jobs.ts'

export interface PackReport {
  readonly packId: string
  /** What is wrong with it, in words. */
  readonly errors: readonly string[]
}

/** Packs that are read while each thread verifies one; each is in memory as a whole. */
const packsAhead = 1

/** Reads packs as a whole, and lets the threads verify every byte of them. */
export async function* readPacks(
  repository: Repository,
  byPack: EntriesByPack,
  packIds: readonly string[],
  givenPool?: WorkerPool,
): AsyncGenerator<PackReport> {
  await using resources = new AsyncDisposableStack()
  const pool = givenPool ?? resources.use(new WorkerPool())
  await pool.begin('verify', { masterKey: repository.masterKey })
  const pending: Promise<PackReport>[] = []
  for (const packId of packIds) {
    const report = readPack(repository, byPack, packId, pool)
    // Thrown where it is awaited, which may be later.
    report.catch(() => {})
    pending.push(report)
    if (pending.length < pool.threads + packsAhead) continue
    const first = await pending.shift()
    if (first) yield first
  }
  for (const report of pending) yield await report
}

async function readPack(
  repository: Repository,
  byPack: EntriesByPack,
  packId: string,
  pool: WorkerPool,
): Promise<PackReport> {
  let content: Uint8Array<ArrayBuffer>
  try {
    content = ownMemory(await repository.store.read({ type: 'data', name: packId }))
  } catch (error) {
    if (!(error instanceof ObjectNotFoundError)) throw error
    return { packId, errors: ['it has vanished'] }
  }
  const blobs = byPack.blobsOf(repository.index.numberOfPack(packId))
  const job: VerifyPack = { packId, content, blobs }
  return { packId, errors: await pool.run<string[]>('verifyPack', job, { transfer: [content.buffer] }) }
}

/** The bytes in memory that belongs to nothing else, so that a thread may take it. */
export function ownMemory(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = content
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === content.length
  return isOwn ? new Uint8Array(buffer) : new Uint8Array(content)
}
