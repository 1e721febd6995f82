import { closeSync } from 'node:fs'
import { openForReading } from '../../filesystem/open-for-reading.ts'
import type { FileName } from '../../format/file-name.ts'
import { ParallelWork } from '../../workers/parallel-work.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import type { Added, StoredContent, StoredWindow } from './content-store.ts'
import { beginReading } from './shared-reading.ts'

/** Enough to keep a thread busy while the answer to its last window travels. */
const windowsPerThread = 2

/**
 * Stores a large file on all threads: each takes the next window in its turn, reads it and finds the cuts, and then
 * hashes, compresses and packs it while the next thread takes the window behind.
 * @throws what the file system reports
 */
export async function storeLargeFile(
  pool: WorkerPool,
  path: FileName,
  onAdded: (added: Added) => void,
): Promise<StoredContent> {
  // One descriptor for all threads: a file that is replaced meanwhile is still read as it was.
  const descriptor = openForReading(path)
  try {
    return await storeInWindows(pool, descriptor, onAdded)
  } finally {
    closeSync(descriptor)
  }
}

async function storeInWindows(
  pool: WorkerPool,
  descriptor: number,
  onAdded: (added: Added) => void,
): Promise<StoredContent> {
  const reading = beginReading(descriptor)
  const windows: StoredWindow[] = []
  // Waits for all of them: the descriptor must not be closed, and given away again, under a thread that still reads.
  await using work = new ParallelWork(undefined)
  const storeToTheEnd = async (signal: AbortSignal) => {
    for (let isEnd = false; !isEnd; ) {
      signal.throwIfAborted()
      const window = await pool.run<StoredWindow & { added: Added }>('storeWindow', reading, { urgent: true })
      onAdded(window.added)
      windows.push(window)
      isEnd = window.isEnd
    }
  }
  const atOnce = pool.threads * windowsPerThread
  await Promise.all(Array.from({ length: atOnce }, () => work.start(storeToTheEnd)))
  windows.sort((a, b) => a.from - b.from)
  return {
    ids: windows.flatMap(({ ids }) => ids),
    bytes: windows.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}
