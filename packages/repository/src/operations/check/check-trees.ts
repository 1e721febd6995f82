import type { Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { TreeReader } from '../list/walk-tree.ts'
import { UsedBlobs } from '../used-blobs.ts'
import type { CheckFinding } from './check.ts'
import { faultsOf } from './tree-faults.ts'

/** A folder to look at; the path helps people to find what is damaged. */
interface PendingTree {
  readonly id: string
  readonly path: string
}

/** Reads every folder of the snapshots once, and makes sure that everything they need is in the index. */
export async function* checkTrees(
  repository: Repository,
  snapshots: Iterable<StoredSnapshot>,
  onSnapshot: () => void,
): AsyncGenerator<CheckFinding> {
  const reader = new TreeReader(repository)
  const seen = new UsedBlobs(repository.index)
  const missing = new Set<string>()
  for (const { id, snapshot } of snapshots) {
    const pending: PendingTree[] = [{ id: snapshot.tree, path: '/' }]
    for (let tree = pending.pop(); tree; tree = pending.pop()) {
      if (missing.has(tree.id)) continue
      const where = `snapshot ${id.slice(0, 8)}, ${tree.path}`
      try {
        if (seen.add('tree', tree.id) < 0) continue
        const nodes = await reader.read(tree.id)
        const path = tree.path === '/' ? '' : tree.path
        for (const { message, problem } of faultsOf(nodes, repository.index, missing)) {
          yield { message: `${where}: ${message}`, problem }
        }
        for (const node of nodes.toReversed()) {
          if (node.type === 'dir' && node.subtree)
            pending.push({ id: node.subtree, path: `${path}/${node.name}` })
        }
      } catch (error) {
        if (!(error instanceof RepositoryProblem)) throw error
        missing.add(tree.id)
        yield { message: `${where}: ${error.detail}`, problem: error.code }
      }
    }
    onSnapshot()
  }
}
