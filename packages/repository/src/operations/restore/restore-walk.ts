import type { AccountNumbers } from '../../filesystem/account-names.ts'
import type { FileName } from '../../format/file-name.ts'
import { isSafeName, parseTree, type TreeNode } from '../../format/tree.ts'
import { TreeSource } from '../../index/tree-source.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import type { FileToRestore, ItemFailure } from './restore-messages.ts'
import type { RestoreSelection } from './restore-selection.ts'
import { TargetFolder } from './target-folder.ts'

export interface WalkOptions {
  readonly targetFolder: string
  readonly selection: RestoreSelection
  readonly isDryRun: boolean
  /** Looks for what the target has and the snapshot has not. */
  readonly findsExtras: boolean
  /** Where owners are found by their names. */
  readonly accounts?: AccountNumbers
  readonly onFailure: (failure: ItemFailure) => void
}

/** A folder whose items are on their way. */
interface OpenFolder {
  readonly snapshotPath: FileName
  readonly folder: TargetFolder
  readonly nodes: Iterator<TreeNode, undefined>
}

/**
 * Goes through a tree and makes its folders. Files and other items are yielded in the order in which a backup has
 * packed them; folders, which get their metadata last, are collected with the deepest behind those above them.
 */
export class RestoreWalk {
  /** Folders whose metadata is to be restored. */
  readonly folders: FileToRestore[] = []
  /** What lies in the target, was selected, and is not in the snapshot. */
  readonly extras: FileName[] = []
  readonly #trees: TreeSource
  readonly #options: WalkOptions

  constructor(repository: Repository, options: WalkOptions) {
    this.#trees = new TreeSource(repository)
    this.#options = options
  }

  async *items(treeId: string): AsyncGenerator<FileToRestore> {
    const { targetFolder, isDryRun } = this.#options
    // Generators within each other would limit how deep folders may lie.
    const stack = [await this.#open(treeId, '', TargetFolder.top(targetFolder, isDryRun))]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { value: node, done } = top.nodes.next()
      if (done) {
        stack.pop()
        continue
      }
      const { item, below } = await this.#visit(this.#withOwner(node), top)
      if (item) yield item
      if (below) stack.push(below)
    }
  }

  #withOwner(node: TreeNode): TreeNode {
    const { accounts } = this.#options
    if (!accounts) return node
    return {
      ...node,
      uid: accounts.user(node.user ?? '') ?? node.uid,
      gid: accounts.group(node.group ?? '') ?? node.gid,
    }
  }

  async #open(treeId: string, snapshotPath: FileName, folder: TargetFolder): Promise<OpenFolder> {
    const nodes = await this.#load(treeId, snapshotPath)
    // Of a folder that can't be read nobody knows what is in it: nothing is too much then.
    if (nodes && this.#options.findsExtras) this.#findExtras(nodes, snapshotPath, folder)
    return { snapshotPath, folder, nodes: (nodes ?? []).values() }
  }

  async #visit(
    node: TreeNode,
    { snapshotPath: above, folder }: OpenFolder,
  ): Promise<{ item?: FileToRestore; below?: OpenFolder }> {
    if (!isSafeName(node.name)) {
      this.#fail(folder.path, `an entry is named ${JSON.stringify(node.name)}, which would lead out of it`)
      return {}
    }
    const snapshotPath = `${above}/${node.name}`
    const selected = this.#options.selection.select(snapshotPath)
    try {
      if (node.type !== 'dir') {
        return selected.item ? { item: { path: folder.pathOf(node.name), node, existed: folder.make() } } : {}
      }
      const subfolder = folder.folder(node.name)
      if (selected.item) this.folders.push({ path: subfolder.path, node, existed: subfolder.make() })
      if (!selected.below || !node.subtree) return {}
      return { below: await this.#open(node.subtree, snapshotPath, subfolder) }
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error instanceof RepositoryProblem) throw error
      this.#fail(folder.pathOf(node.name), error.message)
      return {}
    }
  }

  #findExtras(nodes: readonly TreeNode[], snapshotFolder: FileName, folder: TargetFolder): void {
    const known = new Set(nodes.map(({ name }) => name))
    for (const name of folder.names()) {
      const isExtra = !known.has(name) && this.#options.selection.select(`${snapshotFolder}/${name}`).item
      if (isExtra) this.extras.push(folder.pathOf(name))
    }
  }

  async #load(treeId: string, snapshotFolder: FileName): Promise<TreeNode[] | undefined> {
    try {
      return parseTree(await this.#trees.load(treeId))
    } catch (error) {
      // One damaged folder does not keep the others from being restored.
      if (!(error instanceof RepositoryProblem) && !(error instanceof SyntaxError)) throw error
      this.#fail(snapshotFolder || '/', error.message)
      return undefined
    }
  }

  #fail(path: FileName, message: string): void {
    this.#options.onFailure({ path, message })
  }
}
