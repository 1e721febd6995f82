import { ObjectNotFoundError } from '@granary/object-store'
import { DamagedBlobError } from '../../format/blob.ts'
import type { BlobLocation } from '../../index/blob-index.ts'
import { EntriesByPack } from '../../index/entries-by-pack.ts'
import { loadIndexFiles } from '../../index/index-files.ts'
import { lockRepository } from '../../locks/repository-lock.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { removePacks } from '../prune/remove-packs.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'

export interface RepairPacksResult {
  readonly blobsSaved: number
  /** No other pack has them either. */
  readonly blobsLost: readonly BlobLocation[]
}

/**
 * Saves what is intact in damaged packs to new ones, and removes them. What only they held is lost: run
 * `repairSnapshots` next.
 * @param packIds in full
 * @throws {RepositoryProblem} `missing-file` for a pack that no index lists, `damaged-index`, `repository-locked`
 */
export async function repairPacks(
  repository: Repository,
  packIds: readonly string[],
  options: Upkeep = {},
): Promise<RepairPacksResult> {
  await using lock = await lockRepository(repository, lockOptions(options, true))
  const files = await loadIndexFiles(repository)
  const { index } = repository
  const byPack = new EntriesByPack(index)
  const numbers = packIds.map((packId) => {
    const number = index.numberOfPack(packId)
    if (number < 0) throw new RepositoryProblem('missing-file', `no index lists a pack ${packId}`)
    return number
  })
  const writer = repository.startWriting()
  const blobsLost: BlobLocation[] = []
  let blobsSaved = 0
  for (const [place, packId] of packIds.entries()) {
    options.signal?.throwIfAborted()
    const content = await readWhatIsLeft(repository, packId)
    for (const blob of byPack.blobsOf(numbers[place] ?? -1)) {
      const sealed = content.subarray(blob.offset, blob.offset + blob.lengthBytes)
      if (isIntact(repository, sealed, blob)) {
        await writer.saveSealed(blob.type, blob.id, sealed, blob.uncompressedBytes)
        blobsSaved++
      } else if (index.getAll(blob.type, blob.id).every((copy) => packIds.includes(copy.packId))) {
        blobsLost.push(blob)
      }
    }
    options.onProgress?.({ step: 'packs', done: place + 1, total: packIds.length })
  }
  await writer.flush()
  await removePacks(repository, { files, removable: new Set(numbers), leftovers: [], lock }, options)
  return { blobsSaved, blobsLost }
}

async function readWhatIsLeft(repository: Repository, packId: string): Promise<Uint8Array> {
  try {
    return await repository.store.read({ type: 'data', name: packId })
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return new Uint8Array()
    throw error
  }
}

function isIntact(repository: Repository, sealed: Uint8Array, blob: BlobLocation): boolean {
  if (sealed.length !== blob.lengthBytes) return false
  try {
    repository.decodeBlob(sealed, blob)
    return true
  } catch (error) {
    if (error instanceof DamagedBlobError) return false
    throw error
  }
}
