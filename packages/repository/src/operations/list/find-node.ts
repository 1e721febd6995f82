import type { TreeNode } from '../../format/tree.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import type { TreeReader } from './walk-tree.ts'

/**
 * The entry of a snapshot at a path other than `/`.
 * @throws {RepositoryProblem} `path-not-found`, and as reading trees does
 */
export async function findNode(reader: TreeReader, treeId: string, path: string): Promise<TreeNode> {
  let treeToSearch: string | undefined = treeId
  let found: TreeNode | undefined
  for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
    const nodes: TreeNode[] = treeToSearch ? await reader.read(treeToSearch) : []
    found = nodes.find((node) => node.name === name)
    treeToSearch = found?.type === 'dir' ? found.subtree : undefined
    if (!found) break
  }
  if (!found) throw new RepositoryProblem('path-not-found', `the snapshot has no ${path}`)
  return found
}
