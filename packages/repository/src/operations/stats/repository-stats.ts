import type { TreeNode } from '../../format/tree.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { TreeReader, walkTree } from '../list/walk-tree.ts'

/** What snapshots would take up when they are restored, or what their files hold. */
export interface FileStats {
  readonly bytes: number
  readonly files: number
  /** References from files to blobs; counted by `blobs-per-file` only. */
  readonly blobs: number
}

/** How files are counted, in restic's words. */
export const fileCounts = ['restore-size', 'files-by-contents', 'blobs-per-file'] as const
export type FileCount = (typeof fileCounts)[number]

/** @throws {RepositoryProblem} as reading trees does */
export async function countFiles(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  how: FileCount,
  signal?: AbortSignal,
): Promise<FileStats> {
  const reader = new TreeReader(repository, signal)
  const counter = counters[how](repository)
  for (const { snapshot } of snapshots) {
    counter.beginSnapshot()
    for await (const { path, node } of walkTree(reader, snapshot.tree)) counter.add(node, path)
  }
  return counter
}

interface Counter extends FileStats {
  beginSnapshot(): void
  add(node: TreeNode, path: string): void
}

const counters: Record<FileCount, (repository: Repository) => Counter> = {
  'restore-size': () => new RestoredItems(),
  'files-by-contents': () => new DifferentContents(),
  'blobs-per-file': (repository) => new BlobsOfFiles(repository),
}

/** Everything that restoring the snapshots would write; of hard links, one. */
class RestoredItems implements Counter {
  bytes = 0
  files = 0
  readonly blobs = 0
  #links = new Set<string>()

  beginSnapshot(): void {
    this.#links = new Set()
  }

  add(node: TreeNode): void {
    this.files++
    const link = `${node.deviceId} ${node.inode}`
    const isLinked = node.type === 'file' && (node.links ?? 1) > 1
    if (isLinked && this.#links.has(link)) return
    if (isLinked) this.#links.add(link)
    this.bytes += node.size ?? 0
  }
}

/** Files that hold the same count once. */
class DifferentContents implements Counter {
  bytes = 0
  files = 0
  readonly blobs = 0
  readonly #contents = new Set<string>()

  beginSnapshot(): void {}

  add(node: TreeNode): void {
    if (node.type !== 'file') return
    const content = (node.content ?? []).join(' ')
    if (this.#contents.has(content)) return
    this.#contents.add(content)
    this.files++
    this.bytes += node.size ?? 0
  }
}

/** Paths, and the different blobs that each has had. */
class BlobsOfFiles implements Counter {
  bytes = 0
  files = 0
  blobs = 0
  readonly #repository: Repository
  readonly #blobsOfPath = new Map<string, Set<string>>()

  constructor(repository: Repository) {
    this.#repository = repository
  }

  beginSnapshot(): void {}

  add(node: TreeNode, path: string): void {
    for (const id of node.content ?? []) {
      const known = this.#blobsOfPath.get(path) ?? new Set()
      if (known.has(id)) continue
      if (known.size === 0) this.files++
      this.#blobsOfPath.set(path, known.add(id))
      const location = this.#repository.index.get('data', id)
      this.bytes += location ? (location.uncompressedBytes ?? location.lengthBytes - 32) : 0
      this.blobs++
    }
  }
}
