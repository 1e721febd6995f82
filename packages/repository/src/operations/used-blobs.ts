import type { BlobType } from '../format/pack.ts'
import type { BlobIndex } from '../index/blob-index.ts'
import { TreeSource } from '../index/tree-source.ts'
import type { Repository } from '../repository.ts'
import { RepositoryProblem } from '../repository-problem.ts'

/** The blobs that snapshots need, as one byte for every entry of the index. */
export class UsedBlobs {
  readonly #index: BlobIndex
  #flags: Uint8Array

  constructor(index: BlobIndex) {
    this.#index = index
    this.#flags = new Uint8Array(index.size)
  }

  /** @param entry the one that lists the blob first */
  has(entry: number): boolean {
    return this.#flags[entry] === 1
  }

  /** Notes a blob. Returns its first entry when it is new here, −1 otherwise. @throws {RepositoryProblem} `missing-blob` */
  add(type: BlobType, id: string): number {
    const entry = this.#index.entryOf(type, id)
    if (entry < 0) {
      throw new RepositoryProblem(
        'missing-blob',
        `a snapshot needs the ${type} blob ${id}, which no index lists`,
      )
    }
    // The index may have grown since.
    if (entry >= this.#flags.length) this.#grow()
    if (this.#flags[entry] === 1) return -1
    this.#flags[entry] = 1
    return entry
  }

  #grow(): void {
    const larger = new Uint8Array(this.#index.size)
    larger.set(this.#flags)
    this.#flags = larger
  }
}

/**
 * Notes everything that a tree needs, itself included; what was noted before is not read again.
 * @param signal ends the reading
 * @param onNew told the first entry of each blob that was not noted before
 * @throws {RepositoryProblem} `missing-blob`, `damaged-tree`, `damaged-pack`, `missing-file`
 */
export async function collectUsedBlobs(
  trees: TreeSource,
  treeId: string,
  used: UsedBlobs,
  { onNew, signal }: { readonly onNew?: (entry: number) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const pending = [treeId]
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const entry = used.add('tree', id)
    if (entry < 0) continue
    signal?.throwIfAborted()
    onNew?.(entry)
    const { blobs, subtrees } = referencesOf(id, await trees.load(id))
    for (const blob of blobs) {
      const blobEntry = used.add('data', blob)
      if (blobEntry >= 0) onNew?.(blobEntry)
    }
    pending.push(...subtrees.toReversed())
  }
}

/** What the snapshots need. @throws as {@link collectUsedBlobs} does */
export async function usedBySnapshots(
  repository: Repository,
  treeIds: Iterable<string>,
  { onTree, signal }: { readonly onTree?: () => void; readonly signal?: AbortSignal } = {},
): Promise<UsedBlobs> {
  const used = new UsedBlobs(repository.index)
  const trees = new TreeSource(repository)
  for (const treeId of treeIds) {
    await collectUsedBlobs(trees, treeId, used, signal ? { signal } : {})
    onTree?.()
  }
  return used
}

const decoder = new TextDecoder()

/** The parts of a tree that name blobs; much quicker than reading all of it. */
function referencesOf(treeId: string, tree: Uint8Array): { blobs: string[]; subtrees: string[] } {
  const blobs: string[] = []
  const subtrees: string[] = []
  for (const node of nodesOf(treeId, tree)) {
    const { content = null, type, subtree } = (node ?? {}) as Partial<Record<string, unknown>>
    if (content !== null && !Array.isArray(content)) throw malformed(treeId)
    for (const id of content ?? []) blobs.push(blobId(treeId, id))
    if (type === 'dir' && subtree) subtrees.push(blobId(treeId, subtree))
  }
  return { blobs, subtrees }
}

function nodesOf(treeId: string, tree: Uint8Array): unknown[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(decoder.decode(tree))
  } catch (error) {
    throw malformed(treeId, error)
  }
  const nodes = typeof parsed === 'object' && parsed !== null && 'nodes' in parsed ? parsed.nodes : undefined
  // restic wrote null for an empty folder once.
  if (nodes !== null && !Array.isArray(nodes)) throw malformed(treeId)
  return nodes ?? []
}

function blobId(treeId: string, id: unknown): string {
  if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) throw malformed(treeId)
  return id
}

function malformed(treeId: string, cause?: unknown): RepositoryProblem {
  return new RepositoryProblem('damaged-tree', `the tree ${treeId} is malformed`, { cause })
}
