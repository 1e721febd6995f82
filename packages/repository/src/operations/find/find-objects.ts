import type { BlobType } from '../../format/pack.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { TreeReader, walkTree } from '../list/walk-tree.ts'

/** Where a snapshot needs a blob. */
export interface ObjectUse {
  readonly type: BlobType
  readonly id: string
  /** The file or folder that the blob is of. */
  readonly path: string
  readonly snapshotId: string
  readonly time: string
  /** The folder that the file is in; of data blobs only. */
  readonly parentTree?: string
}

export interface ObjectQuery {
  readonly dataBlobs: ReadonlySet<string>
  readonly treeBlobs: ReadonlySet<string>
}

/**
 * The blobs of packs.
 * @param prefixes of the packs' IDs
 * @throws {RepositoryProblem} `missing-file`, `damaged-pack`
 */
export async function blobsInPacks(
  repository: Repository,
  prefixes: readonly string[],
): Promise<ObjectQuery> {
  const dataBlobs = new Set<string>()
  const treeBlobs = new Set<string>()
  let found = 0
  for await (const { name, bytes } of repository.store.list('data')) {
    if (!prefixes.some((prefix) => name.startsWith(prefix))) continue
    found++
    for (const { type, id } of await repository.readPackHeader(name, bytes)) {
      ;(type === 'tree' ? treeBlobs : dataBlobs).add(id)
    }
  }
  if (found === 0) throw new RepositoryProblem('missing-file', `no pack begins with ${prefixes.join(', ')}`)
  return { dataBlobs, treeBlobs }
}

/** Completes the beginnings of blob IDs from the index. */
export function expandBlobIds(
  repository: Repository,
  type: BlobType,
  prefixes: readonly string[],
): Set<string> {
  const ids = new Set<string>()
  for (const location of repository.index.entries()) {
    if (location.type === type && prefixes.some((prefix) => location.id.startsWith(prefix)))
      ids.add(location.id)
  }
  return ids
}

/** Where a snapshot needs the blobs that are asked for. @throws {RepositoryProblem} as reading trees does */
export async function* findObjects(
  repository: Repository,
  { id: snapshotId, snapshot }: StoredSnapshot,
  query: ObjectQuery,
  signal?: AbortSignal,
): AsyncGenerator<ObjectUse> {
  const common = { snapshotId, time: snapshot.time }
  if (query.treeBlobs.has(snapshot.tree)) yield { ...common, type: 'tree', id: snapshot.tree, path: '/' }
  const treeOfFolder = new Map([['', snapshot.tree]])
  for await (const { path, node } of walkTree(new TreeReader(repository, signal), snapshot.tree)) {
    if (node.type === 'dir' && node.subtree) {
      treeOfFolder.set(path, node.subtree)
      if (query.treeBlobs.has(node.subtree)) yield { ...common, type: 'tree', id: node.subtree, path }
    }
    const parentTree = treeOfFolder.get(path.slice(0, path.lastIndexOf('/'))) ?? snapshot.tree
    for (const id of node.content ?? []) {
      if (query.dataBlobs.has(id)) yield { ...common, type: 'data', id, path, parentTree }
    }
  }
}
