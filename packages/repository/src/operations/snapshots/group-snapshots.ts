import type { StoredSnapshot } from '../../repository.ts'

export const groupKeys = ['host', 'paths', 'tags'] as const
export type GroupKey = (typeof groupKeys)[number]

/** Snapshots that belong together, because they agree in what they are grouped by. */
export interface SnapshotGroup {
  readonly host: string
  readonly paths: readonly string[]
  readonly tags: readonly string[]
  readonly snapshots: readonly StoredSnapshot[]
}

/** Groups snapshots; what they are not grouped by stays empty in the groups. */
export function groupSnapshots(
  snapshots: readonly StoredSnapshot[],
  by: readonly GroupKey[] = ['host', 'paths'],
): SnapshotGroup[] {
  const groups = new Map<string, SnapshotGroup & { snapshots: StoredSnapshot[] }>()
  for (const stored of snapshots) {
    const { hostname = '', paths, tags = [] } = stored.snapshot
    const key = {
      host: by.includes('host') ? hostname : '',
      paths: by.includes('paths') ? paths.toSorted() : [],
      tags: by.includes('tags') ? tags.toSorted() : [],
    }
    const text = JSON.stringify(key)
    const group = groups.get(text) ?? { ...key, snapshots: [] }
    groups.set(text, group)
    group.snapshots.push(stored)
  }
  return [...groups.values()]
}
