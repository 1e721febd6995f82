import { EntriesByPack } from '../../index/entries-by-pack.ts'
import type { IndexFiles } from '../../index/index-files.ts'
import type { RepositoryLock } from '../../locks/repository-lock.ts'
import { IndexWriter } from '../../packs/index-writer.ts'
import type { Repository } from '../../repository.ts'
import { AtOnce } from '../../workers/at-once.ts'
import type { Upkeep } from '../upkeep.ts'

const removalsAtOnce = 5

export interface PacksToRemove {
  readonly files: IndexFiles
  /** Numbers of packs that the index lists. */
  readonly removable: ReadonlySet<number>
  /** Packs that no index lists. */
  readonly leftovers: readonly string[]
  readonly lock: RepositoryLock
}

/**
 * Removes packs, in an order that leaves the repository whole wherever it ends: no index names a pack that is gone,
 * and none of those that stay is unlisted for a moment.
 * @throws {RepositoryProblem} `lock-lost`
 */
export async function removePacks(
  repository: Repository,
  { files, removable, leftovers, lock }: PacksToRemove,
  options: Upkeep,
): Promise<void> {
  const { index } = repository
  // Made anew: the index has grown since the survey.
  const byPack = new EntriesByPack(index)
  const outdated = [...files].filter(([, packs]) => packs.some((number) => removable.has(number)))
  const indexWriter = new IndexWriter(
    (content) => repository.saveUnpacked('index', content),
    Number.POSITIVE_INFINITY,
  )
  const rewritten = new Set<number>()
  for (const [, packs] of outdated) {
    for (const number of packs) {
      if (removable.has(number) || rewritten.has(number)) continue
      rewritten.add(number)
      await indexWriter.add({ id: index.packIds[number] ?? '', blobs: byPack.blobsOf(number) })
    }
  }
  await indexWriter.flush()
  options.signal?.throwIfAborted()
  for (const [name] of outdated) {
    lock.throwIfLost()
    await repository.removeUnpacked('index', name)
  }

  const packIds = [...removable].map((number) => index.packIds[number] ?? '')
  const atOnce = new AtOnce(removalsAtOnce)
  let done = 0
  for (const name of [...packIds, ...leftovers]) {
    lock.throwIfLost()
    await atOnce.start(() => repository.store.remove({ type: 'data', name }))
    options.onProgress?.({ step: 'packs removed', done: ++done, total: packIds.length + leftovers.length })
  }
  await atOnce.finish()
}
