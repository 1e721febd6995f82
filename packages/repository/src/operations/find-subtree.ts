import type { Repository } from '../repository.ts'
import { RepositoryProblem } from '../repository-problem.ts'

/**
 * The tree of a folder in a snapshot.
 * @throws {RepositoryProblem} `path-not-found`
 */
export async function findSubtree(repository: Repository, treeId: string, folder: string): Promise<string> {
  let current = treeId
  for (const name of folder.split('/').filter((part) => part !== '' && part !== '.')) {
    const node = (await repository.loadTree(current)).find((entry) => entry.name === name)
    if (node?.type !== 'dir' || !node.subtree) {
      throw new RepositoryProblem('path-not-found', `the snapshot has no folder ${folder}`)
    }
    current = node.subtree
  }
  return current
}
