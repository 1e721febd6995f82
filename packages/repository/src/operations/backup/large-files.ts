import { closeSync } from 'node:fs'
import { openForReading } from '../../filesystem/open-for-reading.ts'
import type { FileName } from '../../format/file-name.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import type { Added, StoredContent } from './content-store.ts'

/** How far the search for cuts runs ahead of storing. */
const windowBytes = 64 * 1024 * 1024
/** What one thread stores at a time. */
const rangeBytes = 8 * 1024 * 1024

/**
 * Stores a large file on all threads: one finds the cuts of a stretch, then all of them read, hash, compress and
 * pack parts of it. Every part is read twice, the second time from the page cache.
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
  const parts: Promise<StoredContent>[] = []
  let ahead: Promise<StoredContent>[] = []
  try {
    for (let from = 0, isEnd = false; !isEnd; ) {
      const cuts = await pool.run<{ lengths: number[]; isEnd: boolean }>(
        'findCuts',
        { descriptor, from, windowBytes },
        { urgent: true },
      )
      isEnd = cuts.isEnd
      // The stretch before has to be stored while this one is searched, and no more than that.
      await Promise.all(ahead)
      ahead = []
      for (const lengths of groupLengths(cuts.lengths)) {
        const range = storeRange(pool, descriptor, from, lengths, onAdded)
        // Thrown where it is awaited, which may be later.
        range.catch(() => {})
        ahead.push(range)
        from += lengths.reduce((sum, length) => sum + length, 0)
      }
      parts.push(...ahead)
    }
    const stored = await Promise.all(parts)
    return { ids: stored.flatMap(({ ids }) => ids), bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0) }
  } finally {
    // The descriptor must not be closed, and given away again, under a thread that still reads.
    await Promise.allSettled(parts)
  }
}

async function storeRange(
  pool: WorkerPool,
  descriptor: number,
  from: number,
  lengths: readonly number[],
  onAdded: (added: Added) => void,
): Promise<StoredContent> {
  const range = await pool.run<StoredContent & { added: Added }>(
    'storeRange',
    { descriptor, from, lengths },
    { urgent: true },
  )
  onAdded(range.added)
  return range
}

function groupLengths(lengths: readonly number[]): number[][] {
  const groups: number[][] = []
  let bytes = rangeBytes
  for (const length of lengths) {
    if (bytes >= rangeBytes) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(length)
    bytes += length
  }
  return groups
}
