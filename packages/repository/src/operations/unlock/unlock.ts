import { isStale, listLocks } from '../../locks/repository-lock.ts'
import type { Repository } from '../../repository.ts'

/**
 * Removes the locks of runs that are gone.
 * @param options.removeAll removes those of runs at work too, and damaged ones
 * @returns how many were removed
 * @throws {RepositoryProblem} `damaged-lock`, unless all are removed
 */
export async function unlock(repository: Repository, options: { removeAll?: boolean } = {}): Promise<number> {
  const ids: string[] = []
  if (options.removeAll) {
    for await (const { name } of repository.store.list('locks')) ids.push(name)
  } else {
    for await (const { id, lock } of listLocks(repository)) if (isStale(lock, Date.now())) ids.push(id)
  }
  for (const id of ids) await repository.removeUnpacked('locks', id)
  return ids.length
}
