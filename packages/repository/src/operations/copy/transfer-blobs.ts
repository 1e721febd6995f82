import type { BlobLocation } from '../../index/blob-index.ts'
import type { EntriesByPack } from '../../index/entries-by-pack.ts'
import type { BlobWriter } from '../../packs/blob-writer.ts'
import type { Repository } from '../../repository.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import { type PackToRead, readBlobsOfPacks } from '../read-blobs.ts'
import type { UpkeepProgress } from '../upkeep.ts'

export interface Transfer {
  /** One byte for every entry of the source's index: 1 for what is to be transferred. */
  readonly missing: Uint8Array
  readonly byPack: EntriesByPack
  readonly writer: BlobWriter
  readonly pool: WorkerPool
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: UpkeepProgress) => void
}

/** Reads blobs of the source pack by pack, and seals them with the key of the target. */
export async function transferBlobs(
  source: Repository,
  target: Repository,
  transfer: Transfer,
): Promise<void> {
  const packs = packsToRead(source, transfer)
  let done = 0
  for await (const { blobs, sealed } of readBlobsOfPacks(source, packs, transfer.pool)) {
    transfer.signal?.throwIfAborted()
    for (const [place, blob] of blobs.entries()) {
      await transferBlob(source, target, blob, sealed[place], transfer.writer)
    }
    transfer.onProgress?.({ step: 'packs copied', done: ++done, total: packs.length })
  }
}

async function transferBlob(
  source: Repository,
  target: Repository,
  blob: BlobLocation,
  sealed: Uint8Array | undefined,
  writer: BlobWriter,
): Promise<void> {
  const { type, id, uncompressedBytes } = blob
  const isCompressed = uncompressedBytes !== undefined
  // What one version 2 repository did not compress, another need not try to.
  const staysAsItIs = target.config.version === 2 && (isCompressed || source.config.version === 2)
  if (!sealed || !staysAsItIs) {
    await writer.save(type, await source.loadBlob(type, id))
    return
  }
  if (writer.has(type, id)) return
  await writer.saveSealed(type, id, target.cipher.seal(source.cipher.open(sealed)), uncompressedBytes)
}

function packsToRead(source: Repository, { missing, byPack }: Transfer): PackToRead[] {
  const packs: PackToRead[] = []
  for (const [number, packId] of source.index.packIds.entries()) {
    const entries = byPack.of(number).filter((entry) => missing[entry] === 1)
    if (entries.length > 0) packs.push({ packId, entries })
  }
  return packs
}
