import { parseGoTime } from '../../format/go-time.ts'
import type { Snapshot } from '../../format/snapshot.ts'
import type { OnDamaged, Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'

/** Which snapshots are meant; what is left out does not restrict. */
export interface SnapshotFilter {
  /** One of these hosts. */
  readonly hosts?: readonly string[]
  /** All tags of one of these lists; a list with nothing but an empty text means snapshots without tags. */
  readonly tagLists?: readonly (readonly string[])[]
  /** All of these paths. */
  readonly paths?: readonly string[]
}

export function matchesFilter(snapshot: Snapshot, filter: SnapshotFilter): boolean {
  const { hosts = [], tagLists = [], paths = [] } = filter
  return (
    (hosts.length === 0 || hosts.includes(snapshot.hostname ?? '')) &&
    (tagLists.length === 0 || tagLists.some((tags) => hasTags(snapshot, tags))) &&
    paths.every((path) => snapshot.paths.includes(path))
  )
}

/** Whether a snapshot has all of these tags. */
export function hasTags(snapshot: Snapshot, tags: readonly string[]): boolean {
  const own = snapshot.tags ?? []
  return tags.every((tag) => (tag === '' ? own.length === 0 : own.includes(tag)))
}

/**
 * The snapshots that pass a filter, the oldest first.
 * @param onDamaged told about those that can't be read, which are passed over then
 * @throws {RepositoryProblem} `damaged-snapshot`, unless somebody is told
 */
export async function selectSnapshots(
  repository: Repository,
  filter: SnapshotFilter = {},
  onDamaged?: OnDamaged,
): Promise<StoredSnapshot[]> {
  const selected: StoredSnapshot[] = []
  for await (const stored of repository.snapshots(onDamaged)) {
    if (matchesFilter(stored.snapshot, filter)) selected.push(stored)
  }
  return oldestFirst(selected)
}

function oldestFirst(snapshots: readonly StoredSnapshot[]): StoredSnapshot[] {
  return snapshots.toSorted((a, b) => {
    const [timeA, timeB] = [parseGoTime(a.snapshot.time), parseGoTime(b.snapshot.time)]
    if (timeA !== timeB) return timeA < timeB ? -1 : 1
    return a.id < b.id ? -1 : 1
  })
}

/** A snapshot, and the folder of it that is meant. */
export interface FoundSnapshot extends StoredSnapshot {
  /** `/`, unless the reference named a folder. */
  readonly subfolder: string
}

/**
 * Finds the snapshot that people mean: `latest`, `latest~2` (the third newest), or the beginning of an ID; each
 * may be followed by `:` and a folder.
 * @param filter applies to `latest` only
 * @throws {RepositoryProblem} `snapshot-not-found`, `ambiguous-snapshot`, `damaged-snapshot`
 */
export async function findSnapshot(
  repository: Repository,
  reference: string,
  filter: SnapshotFilter = {},
): Promise<FoundSnapshot> {
  const [, name = '', folder] = /^([^:]*)(?::(.*))?$/s.exec(reference) ?? []
  const subfolder = folder || '/'
  const latest = /^latest(?:~(\d+))?$/.exec(name)
  if (!latest) {
    const id = await findSnapshotId(repository, name)
    return { id, snapshot: await repository.loadSnapshot(id), subfolder }
  }
  const found = (await selectSnapshots(repository, filter)).at(-1 - Number(latest[1] ?? 0))
  if (!found) throw new RepositoryProblem('snapshot-not-found', `there is no snapshot ${name}`)
  return { ...found, subfolder }
}

/**
 * The full ID of a snapshot.
 * @param prefix its beginning
 * @throws {RepositoryProblem} `snapshot-not-found`, `ambiguous-snapshot`
 */
export async function findSnapshotId(repository: Repository, prefix: string): Promise<string> {
  const found: string[] = []
  if (prefix !== '') {
    for await (const { name } of repository.store.list('snapshots')) {
      if (name.startsWith(prefix)) found.push(name)
    }
  }
  const [id, ...others] = found
  if (id === undefined) {
    throw new RepositoryProblem(
      'snapshot-not-found',
      `no snapshot's ID begins with ${JSON.stringify(prefix)}`,
    )
  }
  if (others.length > 0) {
    throw new RepositoryProblem('ambiguous-snapshot', `${found.length} snapshots begin with ${prefix}`)
  }
  return id
}

/**
 * The snapshots that a command names, or else those that pass the filter, the oldest first.
 * @param onUnknown told about a reference that fits nothing, and a snapshot that can't be read; both are passed over
 */
export async function namedOrFiltered(
  repository: Repository,
  references: readonly string[],
  filter: SnapshotFilter,
  onUnknown: (reference: string, problem: RepositoryProblem) => void,
): Promise<StoredSnapshot[]> {
  if (references.length === 0) return selectSnapshots(repository, filter, onUnknown)
  const named = new Map<string, StoredSnapshot>()
  for (const reference of references) {
    try {
      const { id, snapshot } = await findSnapshot(repository, reference, filter)
      named.set(id, { id, snapshot })
    } catch (error) {
      const isUnknown = error instanceof RepositoryProblem && unknownCodes.includes(error.code)
      if (!isUnknown) throw error
      onUnknown(reference, error)
    }
  }
  return oldestFirst([...named.values()])
}

const unknownCodes: readonly string[] = ['snapshot-not-found', 'ambiguous-snapshot', 'damaged-snapshot']

/**
 * The IDs of the snapshots that a command names, which need not be readable.
 * @param onUnknown told about a reference that fits nothing, which is passed over
 */
export async function namedIds(
  repository: Repository,
  references: readonly string[],
  onUnknown: (reference: string, problem: RepositoryProblem) => void,
): Promise<string[]> {
  const ids = new Set<string>()
  for (const reference of references) {
    const isLatest = reference.startsWith('latest')
    try {
      ids.add(
        isLatest
          ? (await findSnapshot(repository, reference)).id
          : await findSnapshotId(repository, reference),
      )
    } catch (error) {
      const isUnknown = error instanceof RepositoryProblem && unknownCodes.includes(error.code)
      if (!isUnknown) throw error
      onUnknown(reference, error)
    }
  }
  return [...ids]
}
