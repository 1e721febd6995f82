import { parseGoTime } from '../../format/go-time.ts'
import type { StoredSnapshot } from '../../repository.ts'

/**
 * The snapshot to compare with: the newest one of the same host that has all these paths, and is not from
 * the future, as restic chooses.
 * @param notAfter nanoseconds since 1970
 */
export function chooseParent(
  snapshots: Iterable<StoredSnapshot>,
  hostname: string,
  paths: readonly string[],
  notAfter: bigint,
): StoredSnapshot | undefined {
  let parent: StoredSnapshot | undefined
  let parentTime = 0n
  for (const stored of snapshots) {
    const { snapshot } = stored
    if (snapshot.hostname !== hostname) continue
    if (!paths.every((path) => snapshot.paths.includes(path))) continue
    const time = parseGoTime(snapshot.time)
    if (time > notAfter || (parent && time <= parentTime)) continue
    parent = stored
    parentTime = time
  }
  return parent
}
