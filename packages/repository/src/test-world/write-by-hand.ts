import { encodeTree, type TreeNode } from '../format/tree.ts'
import type { Repository } from '../repository.ts'

/** When a snapshot was made that nobody says more of. */
export const handWrittenTime = '2024-01-01T00:00:00Z'

/** Writes a snapshot node by node, as no backup would. */
export async function writeByHand(repository: Repository) {
  await repository.loadIndex()
  const writer = repository.startWriting()
  return {
    writer,
    /** Ends it. @param nodes of its root @returns the ID of the snapshot */
    async save(nodes: readonly TreeNode[]): Promise<string> {
      const { id: tree } = await writer.save('tree', encodeTree(nodes))
      await writer.flush()
      return repository.saveSnapshot({ time: handWrittenTime, tree, paths: ['/'] })
    },
  }
}
