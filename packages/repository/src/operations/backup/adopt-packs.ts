import { IndexWriter } from '../../packs/index-writer.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'

/**
 * Makes packs findable that a run has stored, and no index names because it was killed: the next run goes on
 * from there instead of storing their content again.
 * @returns how many packs were adopted
 */
export async function adoptPacks(
  repository: Repository,
  onNotice: (notice: string) => void = () => {},
): Promise<number> {
  const indexWriter = new IndexWriter(
    (content) => repository.saveUnpacked('index', content),
    Number.POSITIVE_INFINITY,
  )
  let adopted = 0
  for await (const { name, bytes } of repository.store.list('data')) {
    if (repository.index.hasPack(name)) continue
    try {
      const pack = { id: name, blobs: await repository.readPackHeader(name, bytes) }
      await indexWriter.add(pack)
      repository.index.addPack(pack)
      adopted++
    } catch (error) {
      // `check` finds it again, and `prune` removes it; a backup needs it no more than before.
      if (!(error instanceof RepositoryProblem)) throw error
      onNotice(error.message)
    }
  }
  await indexWriter.flush()
  if (adopted > 0) onNotice(`took over ${adopted} packs of a run that had died`)
  return adopted
}
