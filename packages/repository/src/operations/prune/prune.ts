import type { BlobLocation } from '../../index/blob-index.ts'
import { EntriesByPack } from '../../index/entries-by-pack.ts'
import { addIndexFile, type IndexFiles, loadIndexFiles } from '../../index/index-files.ts'
import { TreeSource } from '../../index/tree-source.ts'
import { placeLock } from '../../locks/repository-lock.ts'
import type { BlobWriter } from '../../packs/blob-writer.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { readBlobsOfPacks } from '../read-blobs.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'
import { collectUsedBlobs, type UsedBlobs, usedBySnapshots } from '../used-blobs.ts'
import { chooseKeptEntries } from './kept-entries.ts'
import { type PruneLimits, type PruneTotals, planPrune } from './prune-plan.ts'
import { removePacks } from './remove-packs.ts'

export interface PruneOptions extends Upkeep, PruneLimits {
  /** Says what would be done. */
  readonly dryRun?: boolean
  /** Target size of the packs that are written anew. */
  readonly packBytes?: number
  readonly pool?: WorkerPool
}

export interface PruneResult {
  readonly totals: PruneTotals
  readonly packsRepacked: number
  readonly packsRemoved: number
  /** Packs that no index listed: leftovers of interrupted runs. Their length in bytes. */
  readonly unreferencedPacks: { readonly packs: number; readonly bytes: number }
}

/** What was found out, while other runs may have been at work. */
interface Survey {
  readonly files: IndexFiles
  readonly byPack: EntriesByPack
  readonly used: UsedBlobs
  readonly snapshotIds: ReadonlySet<string>
}

/**
 * Removes what no snapshot needs.
 *
 * The long part, which reads all folders and writes packs anew, only adds: it runs under a shared lock, beside
 * backups. Removing takes an exclusive lock, for a moment, and looks first what has been added meanwhile. Whatever
 * happens in between, everything that a snapshot needs is in a pack that an index lists:
 * new packs → their index → the remaining indexes, rewritten → old indexes go → old packs go.
 * @throws {RepositoryProblem} `missing-blob`, `damaged-pack`, `damaged-tree`, `missing-file`, `damaged-index`: what
 * is damaged is never made worse; `repository-locked`
 */
export async function prune(repository: Repository, options: PruneOptions = {}): Promise<PruneResult> {
  if (options.repackUncompressed && repository.config.version === 1) {
    throw new RepositoryProblem('bad-request', 'a repository of version 1 does not compress anything')
  }
  await using resources = new AsyncDisposableStack()
  const shared = resources.use(await placeLock(repository, lockOptions(options, false)))
  const confirmed = shared.confirmMeanwhile()
  const survey = await surveyRepository(repository, options)
  const storedPacks = await listPacks(repository)
  const kept = chooseKeptEntries(repository.index, survey.used)
  const plan = planPrune(repository.index, survey.byPack, kept, storedPacks, options)
  await confirmed
  if (options.dryRun) {
    return {
      totals: plan.totals,
      packsRepacked: plan.repack.length,
      packsRemoved: plan.remove.length,
      unreferencedPacks: unreferenced(repository, storedPacks).totals,
    }
  }

  options.signal?.throwIfAborted()
  if (plan.repack.length > 0) {
    const pool = options.pool ?? resources.use(new WorkerPool())
    await repackPlanned(repository, survey, kept, plan.repack, pool, options)
  }
  // What this run has stored anew may be gone with the lock, as leftovers of another.
  shared.throwIfLost()
  // Of two prunes that both waited for the other to end its shared lock, none would ever go on.
  await shared[Symbol.asyncDispose]()
  options.signal?.throwIfAborted()
  const exclusive = resources.use(await placeLock(repository, lockOptions(options, true)))
  const isAlone = exclusive.confirmMeanwhile()

  const removable = new Set([...plan.repack, ...plan.remove])
  const news = await takeInNews(repository, survey, removable)
  // Listed again: running backups have stored packs meanwhile, and indexed them.
  const leftovers = unreferenced(repository, await listPacks(repository))
  await isAlone
  if (news === 'outdated') {
    // Another prune or repair has been at work, and has removed what this one counts on.
    await resources.disposeAsync()
    options.onNotice?.('the repository was pruned or repaired meanwhile; begins again')
    return prune(repository, options)
  }
  const packs = { files: news, removable, leftovers: leftovers.packIds, lock: exclusive }
  await removePacks(repository, packs, options)
  return {
    totals: plan.totals,
    packsRepacked: plan.repack.length,
    packsRemoved: removable.size,
    unreferencedPacks: leftovers.totals,
  }
}

async function surveyRepository(repository: Repository, options: PruneOptions): Promise<Survey> {
  // Snapshots first: what they need is in an index that was there before them.
  const snapshotIds = new Set<string>()
  const trees: string[] = []
  for await (const { id, snapshot } of repository.snapshots()) {
    snapshotIds.add(id)
    trees.push(snapshot.tree)
  }
  const files = await loadIndexFiles(repository)
  const byPack = new EntriesByPack(repository.index)
  let done = 0
  const onTree = () => options.onProgress?.({ step: 'snapshots', done: ++done, total: trees.length })
  const { signal } = options
  const used = await usedBySnapshots(repository, trees, { onTree, ...(signal ? { signal } : {}) })
  return { files, byPack, used, snapshotIds }
}

async function repackPlanned(
  repository: Repository,
  { byPack }: Survey,
  kept: Uint8Array,
  repack: readonly number[],
  pool: WorkerPool,
  options: PruneOptions,
): Promise<void> {
  const writer = repository.startWriting(
    options.packBytes === undefined ? {} : { packBytes: options.packBytes },
  )
  const packs = repack.map((number) => ({
    packId: repository.index.packIds[number] ?? '',
    entries: byPack.of(number).filter((entry) => kept[entry] === 1),
  }))
  let done = 0
  for await (const { blobs, sealed } of readBlobsOfPacks(repository, packs, pool)) {
    for (const [place, blob] of blobs.entries()) {
      await repackBlob(repository, writer, blob, sealed[place], options.repackUncompressed ?? false)
    }
    options.signal?.throwIfAborted()
    options.onProgress?.({ step: 'packs repacked', done: ++done, total: repack.length })
  }
  await writer.flush()
}

/** @throws {RepositoryProblem} `damaged-pack` when no intact copy is left: then nothing may be removed */
async function repackBlob(
  repository: Repository,
  writer: BlobWriter,
  { type, id, uncompressedBytes }: BlobLocation,
  sealed: Uint8Array | undefined,
  recompress: boolean,
): Promise<void> {
  if (sealed && !(recompress && uncompressedBytes === undefined)) {
    await writer.saveSealed(type, id, sealed, uncompressedBytes)
  } else await writer.saveAgain(type, id, await repository.loadBlob(type, id))
}

/**
 * Looks at what has been added since the survey, and takes packs that are needed now out of those to remove.
 * @returns the index files of before, or `outdated` when some are gone
 */
async function takeInNews(
  repository: Repository,
  { files, used, snapshotIds }: Survey,
  removable: Set<number>,
): Promise<IndexFiles | 'outdated'> {
  const { index } = repository
  const present = new Set<string>()
  for await (const { name } of repository.store.list('index')) present.add(name)
  if (files.keys().some((name) => !present.has(name))) return 'outdated'
  const allFiles: IndexFiles = new Map(files)
  for (const name of present) {
    if (files.has(name)) continue
    allFiles.set(name, addIndexFile(index, name, await repository.loadUnpacked('index', name)))
  }

  const trees = new TreeSource(repository)
  const spare = (entry: number) => {
    const { type, id } = index.locationOf(entry)
    const packs = index.getAll(type, id).map(({ packId }) => index.numberOfPack(packId))
    const [first] = packs
    if (first !== undefined && packs.every((pack) => removable.has(pack))) removable.delete(first)
  }
  for await (const { name } of repository.store.list('snapshots')) {
    if (snapshotIds.has(name)) continue
    const { tree } = await repository.loadSnapshot(name)
    await collectUsedBlobs(trees, tree, used, { onNew: spare })
  }
  return allFiles
}

async function listPacks(repository: Repository): Promise<Map<string, number>> {
  const packs = new Map<string, number>()
  for await (const { name, bytes } of repository.store.list('data')) packs.set(name, bytes)
  return packs
}

function unreferenced(repository: Repository, storedPacks: ReadonlyMap<string, number>) {
  const left = [...storedPacks].filter(([packId]) => !repository.index.hasPack(packId))
  const bytes = left.reduce((sum, [, packBytes]) => sum + packBytes, 0)
  return { packIds: left.map(([packId]) => packId), totals: { packs: left.length, bytes } }
}
