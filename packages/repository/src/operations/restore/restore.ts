import { rm } from 'node:fs/promises'
import path from 'node:path'
import { AccountNumbers } from '../../filesystem/account-names.ts'
import { nodePath } from '../../filesystem/node-path.ts'
import type { FileName } from '../../format/file-name.ts'
import { placeLock } from '../../locks/repository-lock.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { findSubtree } from '../find-subtree.ts'
import { lockOptions } from '../upkeep.ts'
import { attributeSelector } from './attribute-selector.ts'
import type { OverwriteMode } from './overwrite-mode.ts'
import type { AttributeSelection, FileToRestore, ItemFailure } from './restore-messages.ts'
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
  /** Removes what the target has and the snapshot has not, as far as the selection goes. */
  readonly deleteExtras?: boolean
  /** Leaves holes where files hold zeros. */
  readonly sparse?: boolean
  /** Sets owner and group; by default only root tries. */
  readonly ownership?: boolean
  /** Finds owner and group by their names on this machine, where it has such; else by their numbers. */
  readonly ownershipByName?: boolean
  readonly attributes?: AttributeSelection
  /** Reads all restored files again, and compares. */
  readonly verify?: boolean
  readonly dryRun?: boolean
  /** Leaves the lock out: for repositories that can't be written to. */
  readonly noLock?: boolean
  readonly lockWaitMs?: number
  readonly pool?: WorkerPool
  readonly signal?: AbortSignal
  readonly onFailure?: (failure: ItemFailure) => void
  /** Told what is removed, or would be in a dry run. */
  readonly onDelete?: (path: FileName) => void
  readonly onNotice?: (notice: string) => void
  readonly onProgress?: (progress: RestoreProgress) => void
}

export interface RestoreProgress {
  readonly filesRestored: number
  /** What stays as it was: because it is what the snapshot has, or because that is not to be written over. */
  readonly filesSkipped: number
  readonly bytesRestored: number
  readonly bytesSkipped: number
  readonly failures: number
}

export interface RestoreResult extends Omit<RestoreProgress, 'failures'> {
  readonly folders: number
  readonly filesVerified: number
  /** Files, and folders with all that was in them, that the snapshot does not have. */
  readonly itemsDeleted: number
  /** What could not be restored in full. The exit code is 1 then. */
  readonly failures: readonly ItemFailure[]
}

/** So many files, or so many bytes, are planned at once: memory stays bounded whatever the snapshot holds. */
const filesPerRound = 4_000
const bytesPerRound = 4 * 1024 * 1024 * 1024

/**
 * Restores a snapshot, or a part of it.
 * @throws {RepositoryProblem} `snapshot-not-found`, `path-not-found`, `repository-locked`, `bad-request`, and whatever reading the
 * repository can meet; what concerns single items is in `failures` instead
 */
export async function restore(repository: Repository, options: RestoreOptions): Promise<RestoreResult> {
  const targetFolder = path.resolve(options.target)
  const selection = new RestoreSelection(options.selection ?? {})
  if (options.deleteExtras && targetFolder === '/' && selection.isEverything) {
    throw new RepositoryProblem(
      'bad-request',
      'to remove everything that the snapshot lacks from all of this machine is refused: say what, with includes or excludes',
    )
  }
  // Said here, before anything is restored.
  attributeSelector(options.attributes ?? {})
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
    targetFolder,
    selection,
    isDryRun: options.dryRun ?? false,
    findsExtras: options.deleteExtras ?? false,
    ...(options.ownershipByName ? { accounts: new AccountNumbers() } : {}),
    onFailure,
  })
  const run = new RestoreRun(repository, pool, { ...options, onFailure })
  await run.begin()
  await confirmed
  for await (const round of rounds(walk.items(treeId))) {
    options.signal?.throwIfAborted()
    await run.restoreItems(round)
  }
  const itemsDeleted = await deleteExtras(walk.extras, options, onFailure)
  await run.finish(walk.folders)
  return { ...run.counts(), folders: walk.folders.length, itemsDeleted, failures }
}

/** @returns how many there were */
async function deleteExtras(
  extras: readonly FileName[],
  { dryRun, onDelete, signal }: RestoreOptions,
  onFailure: (failure: ItemFailure) => void,
): Promise<number> {
  let deleted = 0
  for (const extra of extras) {
    signal?.throwIfAborted()
    try {
      // Links are removed, and not followed.
      if (!dryRun) await rm(nodePath(extra), { recursive: true })
      deleted++
      onDelete?.(extra)
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
      onFailure({ path: extra, message: error.message })
    }
  }
  return deleted
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
