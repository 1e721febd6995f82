import type { TreeNode } from '../../format/tree.ts'
import type { BlobIndex } from '../../index/blob-index.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { TreeReader } from '../list/walk-tree.ts'
import { isSafeName } from '../restore/restore-walk.ts'
import { UsedBlobs } from '../used-blobs.ts'
import type { CheckFinding } from './check.ts'

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
        yield* checkNodes(nodes, where, repository.index, missing)
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

function* checkNodes(
  nodes: readonly TreeNode[],
  where: string,
  index: BlobIndex,
  missing: Set<string>,
): Generator<CheckFinding> {
  const names = new Set<string>()
  for (const node of nodes) {
    const damaged = (what: string): CheckFinding => ({
      message: `${where}: the entry ${JSON.stringify(node.name)} ${what}`,
      problem: 'damaged-tree',
    })
    if (!isSafeName(node.name)) yield damaged('has a name that would lead out of its folder')
    if (names.has(node.name)) yield damaged('is there twice')
    names.add(node.name)
    if (node.type === 'dir' && !node.subtree) yield damaged('is a folder without content')
    if (node.type === 'file' && node.content === null) yield damaged('is a file without content')
    for (const blob of node.content ?? []) {
      if (index.entryOf('data', blob) >= 0 || missing.has(blob)) continue
      missing.add(blob)
      yield { ...damaged(`needs the data blob ${blob}, which no index lists`), problem: 'missing-blob' }
    }
  }
}
