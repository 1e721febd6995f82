import { sealOverheadBytes } from '../../crypto/repository-cipher.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { usedBySnapshots } from '../used-blobs.ts'

/** What snapshots take up in the repository; each blob counts once. All in bytes as sealed. */
export interface StoredSize {
  readonly blobs: number
  readonly bytes: number
  /** What they would take up if nothing was compressed. */
  readonly uncompressedBytes: number
  /** Of the two, the part that is compressed. */
  readonly compressed: { readonly bytes: number; readonly uncompressedBytes: number }
}

/** @throws {RepositoryProblem} as reading trees does */
export async function measureStored(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  signal?: AbortSignal,
): Promise<StoredSize> {
  const { index } = repository
  const used = await usedBySnapshots(
    repository,
    snapshots.map(({ snapshot }) => snapshot.tree),
    signal ? { signal } : {},
  )
  const size = { blobs: 0, bytes: 0, uncompressedBytes: 0, compressed: { bytes: 0, uncompressedBytes: 0 } }
  for (let entry = 0; entry < index.size; entry++) {
    if (!used.has(entry)) continue
    const bytes = index.lengthBytesOf(entry)
    const plainBytes = index.uncompressedBytesOf(entry)
    size.blobs++
    size.bytes += bytes
    size.uncompressedBytes += plainBytes > 0 ? plainBytes + sealOverheadBytes : bytes
    if (plainBytes === 0) continue
    size.compressed.bytes += bytes
    size.compressed.uncompressedBytes += plainBytes + sealOverheadBytes
  }
  return size
}
