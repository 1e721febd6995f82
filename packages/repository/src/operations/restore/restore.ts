import path from 'node:path'
import { placeLock } from '../../locks/repository-lock.ts'
import type { Repository } from '../../repository.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { findSubtree } from '../find-subtree.ts'
import { lockOptions } from '../upkeep.ts'
import type { OverwriteMode } from './overwrite-mode.ts'
import type { FileToRestore, ItemFailure } from './restore-jobs.ts'
import { RestoreRun } from './restore-run.ts'
import { RestoreSelection, type SelectionOptions } from './restore-selection.ts'
import { RestoreWalk } from './restore-walk.ts'

export interface RestoreOptions {
  readonly snapshotId: string
  /** A folder in the snapshot, restored as if it were its root. */
  readonly subfolder?: string
  readonly target: string
  readonly selection?: SelectionOptions
  readonly overwrite?: OverwriteMode
  /** Leaves holes where files hold zeros. */
  readonly sparse?: boolean
  /** Sets owner and group; by default only root tries. */
  readonly ownership?: boolean
  /** Reads all restored files again, and compares. */
  readonly verify?: boolean
  readonly dryRun?: boolean
  /** Leaves the lock out: for repositories that can't be written to. */
  readonly noLock?: boolean
  readonly lockWaitMs?: number
  readonly pool?: WorkerPool
  readonly signal?: AbortSignal
  readonly onFailure?: (failure: ItemFailure) => void
  readonly onNotice?: (notice: string) => void
  readonly onProgress?: (progress: RestoreProgress) => void
}

export interface RestoreProgress {
  readonly filesRestored: number
  readonly filesSkipped: number
  readonly bytesRestored: number
  readonly failures: number
}

export interface RestoreResult extends Omit<RestoreProgress, 'failures'> {
  readonly folders: number
  readonly filesVerified: number
  /** What could not be restored in full. The exit code is 1 then. */
  readonly failures: readonly ItemFailure[]
}

/** So many files, or so many bytes, are planned at once: memory stays bounded whatever the snapshot holds. */
const filesPerRound = 4_000
const bytesPerRound = 4 * 1024 * 1024 * 1024

/**
 * Restores a snapshot, or a part of it.
 * @throws {RepositoryProblem} `snapshot-not-found`, `path-not-found`, `repository-locked`, and whatever reading the
 * repository can meet; what concerns single items is in `failures` instead
 */
export async function restore(repository: Repository, options: RestoreOptions): Promise<RestoreResult> {
  await using resources = new AsyncDisposableStack()
  const pool = options.pool ?? resources.use(new WorkerPool())
  const lock = options.noLock
    ? undefined
    : resources.use(await placeLock(repository, lockOptions(options, false)))
  const confirmed = lock?.confirmMeanwhile()
  const snapshot = await repository.loadSnapshot(options.snapshotId)
  await repository.loadIndex()
  const treeId = await findSubtree(repository, snapshot.tree, options.subfolder ?? '/')

  const failures: ItemFailure[] = []
  const onFailure = (failure: ItemFailure) => {
    failures.push(failure)
    options.onFailure?.(failure)
  }
  const walk = new RestoreWalk(repository, {
    targetFolder: path.resolve(options.target),
    selection: new RestoreSelection(options.selection ?? {}),
    isDryRun: options.dryRun ?? false,
    onFailure,
  })
  const run = new RestoreRun(repository, pool, { ...options, onFailure })
  await run.begin()
  await confirmed
  for await (const round of rounds(walk.items(treeId))) {
    options.signal?.throwIfAborted()
    await run.restoreItems(round)
  }
  await run.finish(walk.folders)
  return { ...run.counts(), folders: walk.folders.length, failures }
}

async function* rounds(items: AsyncIterable<FileToRestore>): AsyncGenerator<FileToRestore[]> {
  let round: FileToRestore[] = []
  let bytes = 0
  for await (const item of items) {
    round.push(item)
    bytes += item.node.size ?? 0
    if (round.length < filesPerRound && bytes < bytesPerRound) continue
    yield round
    round = []
    bytes = 0
  }
  if (round.length > 0) yield round
}
