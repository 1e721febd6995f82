import type { Snapshot } from '../../format/snapshot.ts'
import { EntriesByPack } from '../../index/entries-by-pack.ts'
import { TreeSource } from '../../index/tree-source.ts'
import { lockRepository } from '../../locks/repository-lock.ts'
import type { BlobWriter } from '../../packs/blob-writer.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'
import { collectUsedBlobs, UsedBlobs } from '../used-blobs.ts'
import { transferBlobs } from './transfer-blobs.ts'

export interface CopyOptions extends Upkeep {
  /** Of the source, the oldest first. */
  readonly snapshots: readonly StoredSnapshot[]
  readonly pool?: WorkerPool
  /** Target size of the packs in the target. */
  readonly packBytes?: number
  /** Leaves the source without a lock: for one that can't be written to. */
  readonly noSourceLock?: boolean
  readonly onSnapshot?: (copied: CopiedSnapshot) => void
}

export interface CopiedSnapshot {
  readonly sourceId: string
  /** In the target. */
  readonly id: string
  /** Whether the target had it already. */
  readonly wasThere: boolean
}

/**
 * Copies snapshots to another repository, with what they need and it lacks. Files are not split anew: both
 * repositories find each other's duplicates only when the target was made with the source's chunker polynomial.
 * @throws {RepositoryProblem} `repository-locked`, `missing-blob`, `damaged-pack`, `damaged-tree`, `missing-file`
 */
export async function copySnapshots(
  source: Repository,
  target: Repository,
  options: CopyOptions,
): Promise<CopiedSnapshot[]> {
  await using resources = new AsyncDisposableStack()
  if (!options.noSourceLock) resources.use(await lockRepository(source, lockOptions(options, false)))
  const lock = resources.use(await lockRepository(target, lockOptions(options, false)))
  const present = await snapshotsByOrigin(target)
  await source.loadIndex()
  await target.loadIndex()
  const pool = options.pool ?? resources.use(new WorkerPool())
  const byPack = new EntriesByPack(source.index)
  const trees = new TreeSource(source)
  const seen = new UsedBlobs(source.index)
  const writer = target.startWriting(options.packBytes === undefined ? {} : { packBytes: options.packBytes })

  const copied: CopiedSnapshot[] = []
  for (const { id: sourceId, snapshot } of options.snapshots) {
    options.signal?.throwIfAborted()
    const twin = present.get(snapshot.original ?? sourceId)?.find((other) => isSameSnapshot(other, snapshot))
    let id = twin?.id
    if (id === undefined) {
      const missing = await findMissing(source, trees, snapshot.tree, seen, writer, options.signal)
      await transferBlobs(source, target, { missing, byPack, writer, pool, ...options })
      await writer.flush()
      lock.throwIfLost()
      // Its parent may not be copied, and restic leaves it out as well.
      const { parent: _parent, ...rest } = snapshot
      id = await target.saveSnapshot({ ...rest, original: snapshot.original ?? sourceId })
    }
    copied.push({ sourceId, id, wasThere: twin !== undefined })
    options.onSnapshot?.({ sourceId, id, wasThere: twin !== undefined })
  }
  return copied
}

/** One byte for every entry of the source's index: 1 for what the target lacks. */
async function findMissing(
  source: Repository,
  trees: TreeSource,
  treeId: string,
  seen: UsedBlobs,
  writer: BlobWriter,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const missing = new Uint8Array(source.index.size)
  // Also below folders that the target has: a copy that was interrupted may have left them without content.
  const onNew = (entry: number) => {
    const { type, id } = source.index.locationOf(entry)
    if (!writer.has(type, id)) missing[entry] = 1
  }
  await collectUsedBlobs(trees, treeId, seen, { onNew, ...(signal ? { signal } : {}) })
  return missing
}

async function snapshotsByOrigin(target: Repository): Promise<Map<string, (StoredSnapshot & Snapshot)[]>> {
  const byOrigin = new Map<string, (StoredSnapshot & Snapshot)[]>()
  for await (const stored of target.snapshots()) {
    const origin = stored.snapshot.original ?? stored.id
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), { ...stored, ...stored.snapshot }])
  }
  return byOrigin
}

/** Whether two snapshots say the same; tags may have been changed in one of them. */
function isSameSnapshot(a: Snapshot, b: Snapshot): boolean {
  const fields = ['time', 'tree', 'hostname', 'username', 'uid', 'gid', 'paths', 'tags', 'excludes'] as const
  return fields.every((field) => JSON.stringify(a[field] ?? []) === JSON.stringify(b[field] ?? []))
}
