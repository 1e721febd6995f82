import { sealOverheadBytes } from '../../crypto/repository-cipher.ts'
import { compareNames } from '../../format/file-name.ts'
import type { TreeNode } from '../../format/tree.ts'
import type { Repository } from '../../repository.ts'
import { TreeReader, walkTree } from '../list/walk-tree.ts'

/** How an item differs: `+` added, `-` removed, `M` content, `T` type, `U` metadata, `?` the content alone. */
interface SnapshotDifference {
  readonly path: string
  readonly modifier: string
}

/** What one of the two snapshots has and the other has not. */
export interface DiffTotals {
  files: number
  dirs: number
  others: number
  dataBlobs: number
  treeBlobs: number
  /** Before compression. */
  bytes: number
}

export interface DiffResult {
  readonly changedFiles: number
  readonly added: DiffTotals
  readonly removed: DiffTotals
}

export interface DiffOptions {
  readonly metadata?: boolean
  readonly signal?: AbortSignal
  readonly onDifference: (difference: SnapshotDifference) => void
}

/**
 * Compares two folders of snapshots.
 * @throws {RepositoryProblem} `missing-blob`, `damaged-tree`, `damaged-pack`, `missing-file`
 */
export async function diffTrees(
  repository: Repository,
  treeA: string,
  treeB: string,
  options: DiffOptions,
): Promise<DiffResult> {
  const diff = new TreeDiff(repository, options)
  await diff.compare(treeA, treeB, '')
  return diff.result()
}

class TreeDiff {
  readonly #repository: Repository
  readonly #reader: TreeReader
  readonly #options: DiffOptions
  readonly #before = new Side()
  readonly #after = new Side()
  #changedFiles = 0

  constructor(repository: Repository, options: DiffOptions) {
    this.#repository = repository
    this.#reader = new TreeReader(repository, options.signal)
    this.#options = options
  }

  result(): DiffResult {
    const { index } = this.#repository
    const sizeOf = (key: string) => {
      const [type, id] = key.split(' ') as ['data' | 'tree', string]
      const blob = index.get(type, id)
      return blob ? (blob.uncompressedBytes ?? blob.lengthBytes - sealOverheadBytes) : 0
    }
    return {
      changedFiles: this.#changedFiles,
      added: this.#after.totals(this.#before, sizeOf),
      removed: this.#before.totals(this.#after, sizeOf),
    }
  }

  async compare(treeA: string, treeB: string, folder: string): Promise<void> {
    this.#before.note('tree', treeA)
    this.#after.note('tree', treeB)
    const [nodesA, nodesB] = [await this.#reader.read(treeA), await this.#reader.read(treeB)]
    const byNameA = new Map(nodesA.map((node) => [node.name, node]))
    const byNameB = new Map(nodesB.map((node) => [node.name, node]))
    const names = [...new Set([...byNameA.keys(), ...byNameB.keys()])].sort(compareNames)
    for (const name of names) {
      const [a, b] = [byNameA.get(name), byNameB.get(name)]
      const path = `${folder}/${name}`
      if (a && b) await this.#compareNodes(a, b, path)
      else if (a) await this.#onlyOne(a, path, '-', this.#before)
      else if (b) await this.#onlyOne(b, path, '+', this.#after)
    }
  }

  async #compareNodes(a: TreeNode, b: TreeNode, path: string): Promise<void> {
    this.#before.noteContent(a)
    this.#after.noteContent(b)
    let modifier = a.type === b.type ? '' : 'T'
    const isSameContent = JSON.stringify(a.content) === JSON.stringify(b.content)
    if (a.type === 'file' && b.type === 'file' && !isSameContent) {
      modifier += 'M'
      this.#changedFiles++
      if (describeMetadata(a) === describeMetadata(b)) modifier += '?'
    } else if (this.#options.metadata && describeMetadata(a) !== describeMetadata(b)) modifier += 'U'
    if (modifier !== '') this.#report(path, b, modifier)
    if (a.type === 'dir' && b.type === 'dir') {
      if (a.subtree && b.subtree && a.subtree !== b.subtree) await this.compare(a.subtree, b.subtree, path)
      else if (a.subtree) await this.#noteBoth(a.subtree)
    } else {
      if (a.type === 'dir' && a.subtree) await this.#below(a.subtree, path, '-', this.#before)
      if (b.type === 'dir' && b.subtree) await this.#below(b.subtree, path, '+', this.#after)
    }
  }

  /** What both have counts for neither, also where one of them has it in another place too. */
  async #noteBoth(treeId: string): Promise<void> {
    for (const side of [this.#before, this.#after]) {
      side.note('tree', treeId)
      for await (const { node } of walkTree(this.#reader, treeId)) side.noteContent(node)
    }
  }

  async #onlyOne(node: TreeNode, path: string, modifier: string, side: Side): Promise<void> {
    this.#report(path, node, modifier)
    side.count(node)
    side.noteContent(node)
    if (node.type === 'dir' && node.subtree) await this.#below(node.subtree, path, modifier, side)
  }

  async #below(treeId: string, folder: string, modifier: string, side: Side): Promise<void> {
    for await (const { path, node } of walkTree(this.#reader, treeId, folder)) {
      this.#report(path, node, modifier)
      side.count(node)
      side.noteContent(node)
    }
  }

  #report(path: string, node: TreeNode, modifier: string): void {
    this.#options.onDifference({ path: node.type === 'dir' ? `${path}/` : path, modifier })
  }
}

/** What was met in one of the snapshots. */
class Side {
  readonly #blobs = new Set<string>()
  readonly #items = { files: 0, dirs: 0, others: 0 }

  note(type: 'data' | 'tree', id: string): void {
    this.#blobs.add(`${type} ${id}`)
  }

  noteContent(node: TreeNode): void {
    for (const id of node.content ?? []) this.note('data', id)
    if (node.type === 'dir' && node.subtree) this.note('tree', node.subtree)
  }

  count(node: TreeNode): void {
    if (node.type === 'file') this.#items.files++
    else if (node.type === 'dir') this.#items.dirs++
    else this.#items.others++
  }

  totals(other: Side, sizeOf: (key: string) => number): DiffTotals {
    const own = [...this.#blobs.difference(other.#blobs)]
    const trees = own.filter((key) => key.startsWith('tree')).length
    const bytes = own.reduce((sum, key) => sum + sizeOf(key), 0)
    return { ...this.#items, dataBlobs: own.length - trees, treeBlobs: trees, bytes }
  }
}

/** All of a node but the content of a file. As with restic, a folder that holds something else counts as changed. */
function describeMetadata(node: TreeNode): string {
  const { content: _content, ...metadata } = node
  return JSON.stringify(metadata, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}
