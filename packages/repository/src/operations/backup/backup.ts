import path from 'node:path'
import { formatGoTime } from '../../format/go-time.ts'
import type { Snapshot, SnapshotSummary } from '../../format/snapshot.ts'
import { placeLock } from '../../locks/repository-lock.ts'
import { type ThisProcess, thisProcess } from '../../locks/this-process.ts'
import type { OnDamaged, Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import type { GroupKey } from '../snapshots/group-snapshots.ts'
import { lockOptions } from '../upkeep.ts'
import { adoptPacks } from './adopt-packs.ts'
import type { ItemFailure } from './backup-messages.ts'
import { arrangeTargets, existingTargets } from './backup-targets.ts'
import { BackupWalk } from './backup-walk.ts'
import { discardWrites } from './discard-writes.ts'
import { type ExcludeOptions, ExcludeRules } from './exclude-rules.ts'
import { chooseParent, parentFilter } from './parent-snapshot.ts'

export interface BackupOptions {
  /** Files and folders; relative ones are taken from `workingFolder`. None when a `stream` is backed up. */
  readonly targets: readonly string[]
  /** Backs up what comes from here as the one file of the snapshot; nothing is saved when it throws. */
  readonly stream?: StreamSource
  readonly workingFolder?: string
  readonly excludes?: ExcludeOptions
  readonly hostname?: string
  readonly tags?: readonly string[]
  /** The time of the snapshot, in nanoseconds since 1970; now, unless given. */
  readonly time?: bigint
  /** The snapshot to compare with; chosen by host and paths, or by what `groupBy` says, unless given. */
  readonly parentId?: string
  readonly groupBy?: readonly GroupKey[]
  /** Reads every file, whatever the parent says. */
  readonly force?: boolean
  readonly withAtime?: boolean
  readonly ignoreCtime?: boolean
  readonly ignoreInode?: boolean
  /** Saves no snapshot when its tree would be the parent's. */
  readonly skipIfUnchanged?: boolean
  /** Does everything but storing. */
  readonly dryRun?: boolean
  /** zstd level; 0 does not compress. */
  readonly compressionLevel?: number
  readonly packBytes?: number
  /** How long uploads may go without an index file; see {@link IndexWriter}. */
  readonly checkpointMs?: number
  readonly programVersion?: string
  /** How long to wait for another run's lock, in milliseconds. */
  readonly lockWaitMs?: number
  /** Ends the run: what was uploaded is indexed, so that the next run goes on from there. */
  readonly signal?: AbortSignal
  /** Threads that were started earlier; they are used, and not ended. */
  readonly pool?: WorkerPool
  readonly owner?: ThisProcess
  readonly onFailure?: (failure: ItemFailure) => void
  readonly onNotice?: (notice: string) => void
  readonly onProgress?: (progress: BackupProgress) => void
}

export interface StreamSource {
  /** The path of the file in the snapshot. */
  readonly fileName: string
  readonly content: AsyncIterable<Uint8Array>
}

export interface BackupProgress {
  readonly files: number
  readonly bytes: number
  readonly storedBytes: number
  readonly failures: number
}

export interface BackupResult {
  /** Absent after a dry run, and when nothing has changed and that was asked for. */
  readonly snapshotId?: string
  readonly snapshot: Snapshot
  readonly summary: SnapshotSummary
  readonly parentId?: string
  /** What could not be read, and is not in the snapshot. The exit code is 3 then. */
  readonly failures: readonly ItemFailure[]
}

const defaultPackBytes = 16 * 1024 * 1024

/**
 * Backs files and folders up to a new snapshot.
 * @throws {RepositoryProblem} `repository-locked`, `nothing-to-back-up`, `snapshot-not-found`, and whatever reading
 * the repository can meet
 */
export async function backup(repository: Repository, options: BackupOptions): Promise<BackupResult> {
  const workingFolder = options.workingFolder ?? process.cwd()
  const { stream } = options
  const missing: ItemFailure[] = []
  const targets = stream
    ? [path.resolve('/', stream.fileName)]
    : existingTargets(options.targets, workingFolder, (failure) => {
        missing.push(failure)
        options.onFailure?.(failure)
      })
  if (missing.length > 0 && targets.length === 0) {
    throw new RepositoryProblem('nothing-to-back-up', 'none of the files and folders is there')
  }
  const rules = new ExcludeRules(options.excludes ?? {})
  const root = arrangeTargets(targets, workingFolder, (folder) => rules.namesKeptIn(folder))
  const paths = targets.map((target) => path.resolve(workingFolder, target)).toSorted()
  const owner = options.owner ?? thisProcess()
  const startedAt = BigInt(Date.now()) * 1_000_000n
  const snapshotTime = options.time ?? startedAt
  const hostname = options.hostname ?? owner.hostname

  await using resources = new AsyncDisposableStack()
  const pool = options.pool ?? resources.use(new WorkerPool())
  const lock = resources.use(await placeLock(repository, { ...lockOptions(options, false), owner }))
  // Reading goes on while the lock settles; the first write waits for it.
  const confirmed = lock.confirmMeanwhile()

  const parent = options.force
    ? undefined
    : await findParent(repository, options, hostname, paths, snapshotTime)
  await repository.loadIndex()
  if (lock.foundDeadRun && !options.dryRun)
    await confirmed.then(() => adoptPacks(repository, options.onNotice))
  const target = options.dryRun ? repository.withStore(discardWrites(repository.store)) : repository
  const signal = options.signal ? AbortSignal.any([options.signal, lock.lost]) : lock.lost
  const walk = new BackupWalk(target, pool, {
    ...options,
    excludes: options.excludes ?? {},
    packBytes: options.packBytes ?? defaultPackBytes,
    signal,
    looksForAttributes: options.ignoreCtime === true || (parent?.snapshot.uid ?? 0) !== owner.uid,
    mayWrite: confirmed,
  })
  const rootTreeId = stream
    ? await walk.runStream(root, stream, snapshotTime)
    : await walk.run(root, parent?.snapshot.tree)
  await confirmed

  const summary: SnapshotSummary = {
    backup_start: formatGoTime(startedAt),
    backup_end: formatGoTime(BigInt(Date.now()) * 1_000_000n),
    ...walk.counts.summary(),
  }
  const snapshot: Snapshot = {
    time: formatGoTime(snapshotTime),
    ...(parent ? { parent: parent.id } : {}),
    tree: rootTreeId,
    paths,
    hostname,
    username: owner.username,
    uid: owner.uid,
    gid: owner.gid,
    excludes: [...(options.excludes?.patterns ?? []), ...(options.excludes?.patternsIgnoringCase ?? [])],
    tags: options.tags ?? [],
    program_version: options.programVersion ?? 'granary',
    summary,
  }
  lock.throwIfLost()
  const isSkipped = options.dryRun || (options.skipIfUnchanged && parent?.snapshot.tree === rootTreeId)
  return {
    ...(isSkipped ? {} : { snapshotId: await repository.saveSnapshot(snapshot) }),
    ...(parent ? { parentId: parent.id } : {}),
    snapshot,
    summary,
    failures: [...missing, ...walk.counts.failures],
  }
}

async function findParent(
  repository: Repository,
  options: BackupOptions,
  hostname: string,
  paths: readonly string[],
  snapshotTime: bigint,
): Promise<StoredSnapshot | undefined> {
  if (options.parentId !== undefined) {
    return { id: options.parentId, snapshot: await repository.loadSnapshot(options.parentId) }
  }
  const snapshots: StoredSnapshot[] = []
  const passOver: OnDamaged = (_, { detail }) =>
    options.onNotice?.(`compared with no such snapshot: ${detail}`)
  for await (const stored of repository.snapshots(passOver)) snapshots.push(stored)
  return chooseParent(snapshots, parentFilter(options.groupBy, { ...options, hostname, paths }), snapshotTime)
}
