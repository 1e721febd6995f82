import { Chunker } from '../../chunker/chunker.ts'
import { AtOnce } from '../../workers/at-once.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import type { Added, StoredContent } from './content-store.ts'

/** Chunks on their way to each thread: one that is worked on, and one that waits. */
const chunksPerThread = 2

/** Splits a stream, and lets the threads store its chunks. @throws what the stream throws */
export async function storeStream(
  pool: WorkerPool,
  chunkerPolynomial: bigint,
  content: AsyncIterable<Uint8Array>,
  onAdded: (added: Added) => void,
): Promise<StoredContent> {
  const ids: string[] = []
  let bytes = 0
  const atOnce = new AtOnce(pool.threads * chunksPerThread)
  for await (const chunk of splitStream(new Chunker(chunkerPolynomial), content)) {
    const place = ids.push('') - 1
    bytes += chunk.length
    await atOnce.start(async () => {
      const stored = await pool.run<{ id: string; added: Added }>(
        'storeBlob',
        { plaintext: chunk },
        { transfer: [chunk.buffer] },
      )
      ids[place] = stored.id
      onAdded(stored.added)
    })
  }
  await atOnce.finish()
  return { ids, bytes }
}

/** The chunks of a stream, each in memory of its own. */
async function* splitStream(
  chunker: Chunker,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { buffer } = chunker
  let end = 0
  let scanned = 0
  for await (const piece of content) {
    for (let taken = 0; taken < piece.length; ) {
      const part = piece.subarray(taken, taken + buffer.length - end)
      buffer.set(part, end)
      taken += part.length
      end += part.length
      for (let cut = chunker.findCut(0, end, scanned); cut >= 0; cut = chunker.findCut(0, end)) {
        yield buffer.slice(0, cut)
        buffer.copyWithin(0, cut, end)
        end -= cut
      }
      scanned = end
    }
  }
  if (end > 0) yield buffer.slice(0, end)
}
