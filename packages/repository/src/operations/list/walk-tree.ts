import type { FileName } from '../../format/file-name.ts'
import { parseTree, type TreeNode } from '../../format/tree.ts'
import { TreeSource } from '../../index/tree-source.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'

export interface TreeEntry {
  readonly path: FileName
  readonly node: TreeNode
}

/** Reads the folders of snapshots, those that lie together at once. */
export class TreeReader {
  readonly #trees: TreeSource
  readonly #signal: AbortSignal | undefined

  /** @param signal ends the reading */
  constructor(repository: Repository, signal?: AbortSignal) {
    this.#trees = new TreeSource(repository)
    this.#signal = signal
  }

  /** @throws {RepositoryProblem} `missing-blob`, `damaged-pack`, `missing-file`, `damaged-tree` */
  async read(treeId: string): Promise<TreeNode[]> {
    this.#signal?.throwIfAborted()
    const content = await this.#trees.load(treeId)
    try {
      return parseTree(content)
    } catch (error) {
      throw new RepositoryProblem('damaged-tree', `the tree ${treeId} is malformed`, { cause: error })
    }
  }
}

/**
 * Everything below a tree, each folder before what it holds.
 * @param folder the path of the tree in its snapshot
 * @param enter whether to look into a folder
 * @throws {RepositoryProblem} as {@link TreeReader.read} does
 */
export async function* walkTree(
  reader: TreeReader,
  treeId: string,
  folder: FileName = '/',
  enter: (entry: TreeEntry) => boolean = () => true,
): AsyncGenerator<TreeEntry> {
  const stack = [(await entriesOf(reader, treeId, folder)).values()]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { value: entry, done } = top.next()
    if (done) {
      stack.pop()
      continue
    }
    yield entry
    const { subtree } = entry.node
    if (entry.node.type === 'dir' && subtree && enter(entry)) {
      stack.push((await entriesOf(reader, subtree, entry.path)).values())
    }
  }
}

async function entriesOf(reader: TreeReader, treeId: string, folder: FileName): Promise<TreeEntry[]> {
  const prefix = folder === '/' ? '' : folder
  return (await reader.read(treeId)).map((node) => ({ path: `${prefix}/${node.name}`, node }))
}
