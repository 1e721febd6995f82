import type { BlobType } from '../../format/pack.ts'
import { isSafeName, type TreeNode } from '../../format/tree.ts'
import type { CheckFinding } from './check.ts'

/**
 * What is wrong with the entries of a folder.
 * @param missing blobs that were reported before; what is reported now is added
 */
export function* faultsOf(
  nodes: readonly TreeNode[],
  index: { has(type: BlobType, id: string): boolean },
  missing: Set<string> = new Set(),
): Generator<CheckFinding> {
  const names = new Set<string>()
  for (const node of nodes) {
    const damaged = (what: string): CheckFinding => ({
      message: `the entry ${JSON.stringify(node.name)} ${what}`,
      problem: 'damaged-tree',
    })
    if (!isSafeName(node.name)) yield damaged('has a name that would lead out of its folder')
    if (names.has(node.name)) yield damaged('is there twice')
    names.add(node.name)
    if (node.type === 'dir' && !node.subtree) yield damaged('is a folder without content')
    if (node.type === 'file' && node.content === null) yield damaged('is a file without content')
    for (const blob of node.content ?? []) {
      if (index.has('data', blob) || missing.has(blob)) continue
      missing.add(blob)
      yield { ...damaged(`needs the data blob ${blob}, which no index lists`), problem: 'missing-blob' }
    }
  }
}
