import { parseGoTime } from '../../format/go-time.ts'
import type { StoredSnapshot } from '../../repository.ts'
import type { GroupKey } from '../snapshots/group-snapshots.ts'
import { matchesFilter, type SnapshotFilter } from '../snapshots/select-snapshots.ts'

/** Which snapshots a new one is compared with: those that agree with it in what it is grouped by. */
export function parentFilter(
  by: readonly GroupKey[] = ['host', 'paths'],
  { hostname, paths, tags = [] }: { hostname: string; paths: readonly string[]; tags?: readonly string[] },
): SnapshotFilter {
  return {
    hosts: by.includes('host') ? [hostname] : [],
    paths: by.includes('paths') ? paths : [],
    tagLists: by.includes('tags') ? [tags] : [],
  }
}

/**
 * The snapshot to compare with: the newest one that passes the filter, and is not from the future, as restic
 * chooses.
 * @param notAfter nanoseconds since 1970
 */
export function chooseParent(
  snapshots: Iterable<StoredSnapshot>,
  filter: SnapshotFilter,
  notAfter: bigint,
): StoredSnapshot | undefined {
  let parent: StoredSnapshot | undefined
  let parentTime = 0n
  for (const stored of snapshots) {
    if (!matchesFilter(stored.snapshot, filter)) continue
    const time = parseGoTime(stored.snapshot.time)
    if (time > notAfter || (parent && time <= parentTime)) continue
    parent = stored
    parentTime = time
  }
  return parent
}
