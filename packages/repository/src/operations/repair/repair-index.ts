import type { PackedBlob } from '../../format/pack.ts'
import { BlobIndex } from '../../index/blob-index.ts'
import { EntriesByPack } from '../../index/entries-by-pack.ts'
import { addIndexFile } from '../../index/index-files.ts'
import { lockRepository } from '../../locks/repository-lock.ts'
import { IndexWriter } from '../../packs/index-writer.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'

export interface RepairIndexOptions extends Upkeep {
  /** Trusts no index, and reads the header of every pack. */
  readonly readAllPacks?: boolean
}

export interface RepairIndexResult {
  readonly packs: number
  /** Of these, so many were not listed as they are. */
  readonly packsRead: number
  /** Packs that the index listed, and that are gone. */
  readonly packsMissing: readonly string[]
  /** Packs whose header can't be read. They stay where they are. */
  readonly packsDamaged: readonly string[]
  readonly indexFilesRemoved: number
}

/**
 * Makes the index anew from the packs that are there; one that fits them stays as it is.
 * @throws {RepositoryProblem} `repository-locked`
 */
export async function repairIndex(
  repository: Repository,
  options: RepairIndexOptions = {},
): Promise<RepairIndexResult> {
  await using lock = await lockRepository(repository, lockOptions(options, true))
  const oldFiles: string[] = []
  for await (const { name } of repository.store.list('index')) oldFiles.push(name)
  const known = new BlobIndex()
  const isReadable = options.readAllPacks ? false : await loadReadable(repository, known, oldFiles, options)
  const packs = new Map<string, number>()
  for await (const { name, bytes } of repository.store.list('data')) packs.set(name, bytes)

  const byPack = new EntriesByPack(known)
  const isListed = (packId: string) => {
    const number = known.numberOfPack(packId)
    return number >= 0 && byPack.packBytes(number) === packs.get(packId)
  }
  const packsMissing = known.packIds.filter((packId) => !packs.has(packId))
  const isWhole = isReadable && packsMissing.length === 0 && packs.keys().every(isListed)
  if (isWhole) {
    return { packs: packs.size, packsRead: 0, packsMissing, packsDamaged: [], indexFilesRemoved: 0 }
  }

  const indexWriter = new IndexWriter(
    (content) => repository.saveUnpacked('index', content),
    Number.POSITIVE_INFINITY,
  )
  const index = new BlobIndex()
  const packsDamaged: string[] = []
  let packsRead = 0
  let done = 0
  for (const [packId, packBytes] of packs) {
    options.signal?.throwIfAborted()
    options.onProgress?.({ step: 'packs', done: ++done, total: packs.size })
    try {
      let blobs: PackedBlob[]
      if (isListed(packId)) blobs = byPack.blobsOf(known.numberOfPack(packId))
      else {
        packsRead++
        blobs = await repository.readPackHeader(packId, packBytes)
      }
      index.addPack({ id: packId, blobs })
      await indexWriter.add({ id: packId, blobs })
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      packsDamaged.push(packId)
      options.onNotice?.(error.message)
    }
  }
  await indexWriter.flush()
  for (const name of oldFiles) {
    lock.throwIfLost()
    await repository.removeUnpacked('index', name)
  }
  repository.useIndex(index)
  return { packs: packs.size, packsRead, packsMissing, packsDamaged, indexFilesRemoved: oldFiles.length }
}

/** Whether all of them could be read. */
async function loadReadable(
  repository: Repository,
  index: BlobIndex,
  names: readonly string[],
  { onNotice }: Upkeep,
): Promise<boolean> {
  let areReadable = true
  for (const name of names) {
    try {
      addIndexFile(index, name, await repository.loadUnpacked('index', name))
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      areReadable = false
      onNotice?.(`${error.detail}: its packs are read instead`)
    }
  }
  return areReadable
}
