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
  readonly onFailure: (failure: ItemFailure) => void
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
    yield* this.#folder(treeId, '', TargetFolder.top(targetFolder, isDryRun))
  }

  async *#folder(
    treeId: string,
    snapshotFolder: FileName,
    folder: TargetFolder,
  ): AsyncGenerator<FileToRestore> {
    const nodes = await this.#load(treeId, snapshotFolder)
    // Of a folder that can't be read nobody knows what is in it: nothing is too much then.
    if (!nodes) return
    if (this.#options.findsExtras) this.#findExtras(nodes, snapshotFolder, folder)
    for (const node of nodes) {
      if (!isSafeName(node.name)) {
        this.#fail(folder.path, `an entry is named ${JSON.stringify(node.name)}, which would lead out of it`)
        continue
      }
      const snapshotPath = `${snapshotFolder}/${node.name}`
      const selected = this.#options.selection.select(snapshotPath)
      try {
        if (node.type !== 'dir') {
          if (selected.item) yield { path: folder.pathOf(node.name), node, existed: folder.make() }
          continue
        }
        const subfolder = folder.folder(node.name)
        if (selected.item) this.folders.push({ path: subfolder.path, node, existed: subfolder.make() })
        if (selected.below && node.subtree) yield* this.#folder(node.subtree, snapshotPath, subfolder)
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error instanceof RepositoryProblem) throw error
        this.#fail(folder.pathOf(node.name), error.message)
      }
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
