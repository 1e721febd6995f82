import { BlobIndex } from '../../index/blob-index.ts'
import { EntriesByPack } from '../../index/entries-by-pack.ts'
import { addIndexFile } from '../../index/index-files.ts'
import { placeLock } from '../../locks/repository-lock.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem, type RepositoryProblemCode } from '../../repository-problem.ts'
import { ParallelWork } from '../../workers/parallel-work.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import { matchesFilter, type SnapshotFilter } from '../snapshots/select-snapshots.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'
import { checkTrees } from './check-trees.ts'
import { type ReadDataSubset, selectPacks } from './read-data-subset.ts'
import { readPacks } from './read-packs.ts'
import { SoundTrees } from './sound-trees.ts'

export interface CheckOptions extends Upkeep {
  /** Reads packs, and compares every byte; none are read, unless given. */
  readonly readData?: ReadDataSubset
  /** Whose folders are looked at; packs are checked all the same. */
  readonly filter?: SnapshotFilter
  /** Leaves the lock out: for repositories that can't be written to. */
  readonly noLock?: boolean
  readonly pool?: WorkerPool
  readonly onFinding?: (finding: CheckFinding) => void
}

/** Something that is wrong. */
export interface CheckFinding {
  readonly message: string
  readonly problem: RepositoryProblemCode
}

export interface CheckResult {
  readonly findings: readonly CheckFinding[]
  /** Packs that are missing, of the wrong size, or damaged. */
  readonly brokenPacks: readonly string[]
  /** Packs that no index lists: leftovers of interrupted runs, which do no harm. */
  readonly unreferencedPacks: readonly string[]
  readonly snapshots: number
  readonly packsRead: number
}

/**
 * Looks for damage: whether the indexes can be read, every pack is there in its full size, the folders of all
 * snapshots can be read and what they need is there; and on demand whether packs hold what they should.
 * @throws {RepositoryProblem} `repository-locked`; damage is in the findings instead
 */
export async function check(repository: Repository, options: CheckOptions = {}): Promise<CheckResult> {
  await using lock = options.noLock ? undefined : await placeLock(repository, lockOptions(options, true))
  const confirmed = lock?.confirmMeanwhile()
  const findings: CheckFinding[] = []
  const report = (finding: CheckFinding) => {
    findings.push(finding)
    options.onFinding?.(finding)
  }
  const { isIndexComplete, damaged } = await loadEveryIndex(repository)
  const packs = await listPacks(repository)
  await confirmed
  for (const finding of damaged) report(finding)
  const byPack = new EntriesByPack(repository.index)
  const brokenPacks = new Set(checkPackSizes(repository.index, byPack, packs, report))

  await using work = new ParallelWork(options.signal)
  const sound =
    options.readData?.kind === 'all' && isIndexComplete ? new SoundTrees(repository.index) : undefined
  const reading = work.start(async (signal) => {
    if (!options.readData) return 0
    const intact = new Map([...packs].filter(([id]) => repository.index.hasPack(id) && !brokenPacks.has(id)))
    let packsRead = 0
    const wanted = selectPacks(intact, options.readData)
    for await (const { packId, errors, soundTrees } of readPacks(repository, byPack, wanted, options.pool)) {
      signal.throwIfAborted()
      packsRead++
      options.onProgress?.({ step: 'packs', done: packsRead, total: wanted.length })
      if (errors.length > 0) brokenPacks.add(packId)
      for (const error of errors) report({ message: `data/${packId}: ${error}`, problem: 'damaged-pack' })
      for (const described of soundTrees) sound?.add(described)
    }
    return packsRead
  })
  const trees = work.start(async (signal) => {
    // With an index missing, every folder would be reported for the same reason.
    if (!isIndexComplete) return 0
    const stored = await loadEverySnapshot(repository, options.filter ?? {}, report)
    if (sound) {
      // Where all is well, the threads have seen every folder that there is.
      await reading
      if (sound.holdAll(stored.map(({ snapshot }) => snapshot.tree))) return stored.length
    }
    return checkSnapshots(repository, stored, { ...options, signal }, report)
  })
  const [snapshots, packsRead] = await Promise.all([trees, reading])
  const unreferencedPacks = isIndexComplete
    ? [...packs.keys()].filter((id) => !repository.index.hasPack(id))
    : []
  return { findings, brokenPacks: [...brokenPacks], unreferencedPacks, snapshots, packsRead }
}

/** Looks at the folders of the snapshots. @returns how many snapshots that were */
async function checkSnapshots(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  options: CheckOptions & { readonly signal: AbortSignal },
  report: (finding: CheckFinding) => void,
): Promise<number> {
  let checked = 0
  const onSnapshot = () => {
    options.signal.throwIfAborted()
    checked++
    // The packs, which take longer, are what people are shown, where they are read.
    if (!options.readData) {
      options.onProgress?.({ step: 'snapshots', done: checked, total: snapshots.length })
    }
  }
  for await (const finding of checkTrees(repository, snapshots, onSnapshot)) report(finding)
  return checked
}

/** Reads the indexes one by one, so that a damaged one does not hide the others. */
async function loadEveryIndex(
  repository: Repository,
): Promise<{ isIndexComplete: boolean; damaged: readonly CheckFinding[] }> {
  const index = new BlobIndex()
  const damaged: CheckFinding[] = []
  for await (const { name } of repository.store.list('index')) {
    try {
      addIndexFile(index, name, await repository.loadUnpacked('index', name))
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      damaged.push({ message: error.detail, problem: error.code })
    }
  }
  repository.useIndex(index)
  return { isIndexComplete: damaged.length === 0, damaged }
}

async function loadEverySnapshot(
  repository: Repository,
  filter: SnapshotFilter,
  report: (finding: CheckFinding) => void,
): Promise<StoredSnapshot[]> {
  const snapshots: StoredSnapshot[] = []
  for await (const { name: id } of repository.store.list('snapshots')) {
    try {
      const snapshot = await repository.loadSnapshot(id)
      if (matchesFilter(snapshot, filter)) snapshots.push({ id, snapshot })
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      report({ message: error.detail, problem: error.code })
    }
  }
  return snapshots
}

/** All packs in the store, with their lengths in bytes. */
async function listPacks(repository: Repository): Promise<Map<string, number>> {
  const packs = new Map<string, number>()
  for await (const { name, bytes } of repository.store.list('data')) packs.set(name, bytes)
  return packs
}

/** The packs that are missing, or longer or shorter than the index says. */
function* checkPackSizes(
  index: BlobIndex,
  byPack: EntriesByPack,
  packs: ReadonlyMap<string, number>,
  report: (finding: CheckFinding) => void,
): Generator<string> {
  for (const [number, packId] of index.packIds.entries()) {
    const bytes = packs.get(packId)
    const expectedBytes = byPack.packBytes(number)
    if (bytes === expectedBytes) continue
    if (bytes === undefined) report({ message: `data/${packId} is missing`, problem: 'missing-file' })
    else {
      const message = `data/${packId} has ${bytes} bytes, where the index expects ${expectedBytes}`
      report({ message, problem: 'damaged-pack' })
    }
    yield packId
  }
}

/** Problems that making the index anew may solve. */
export const unlistedProblems: readonly RepositoryProblemCode[] = [
  'damaged-index',
  'missing-blob',
  'missing-file',
]
