import type { Snapshot } from '../../format/snapshot.ts'
import { lockRepository } from '../../locks/repository-lock.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'

/** How tags change. `set` replaces all, and excludes the others. */
export type TagChange =
  | { readonly set: readonly string[] }
  | { readonly add?: readonly string[]; readonly remove?: readonly string[] }

export interface ChangedSnapshot {
  readonly oldId: string
  readonly newId: string
}

/**
 * Changes the tags of snapshots: a changed snapshot is stored under a new ID, and remembers its first one.
 * @throws {RepositoryProblem} `repository-locked`
 */
export async function tagSnapshots(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  change: TagChange,
  options: Upkeep = {},
): Promise<ChangedSnapshot[]> {
  await using _lock = await lockRepository(repository, lockOptions(options, true))
  const changed: ChangedSnapshot[] = []
  for (const { id, snapshot } of snapshots) {
    const tags = changeTags(snapshot.tags ?? [], change)
    if (JSON.stringify(tags) === JSON.stringify(snapshot.tags ?? [])) continue
    const newId = await replaceSnapshot(repository, id, { ...snapshot, tags })
    changed.push({ oldId: id, newId })
  }
  return changed
}

/** Stores the changed snapshot before the old one goes. Returns its ID. */
async function replaceSnapshot(repository: Repository, oldId: string, changed: Snapshot): Promise<string> {
  const newId = await repository.saveSnapshot({ ...changed, original: changed.original ?? oldId })
  await repository.removeUnpacked('snapshots', oldId)
  return newId
}

function changeTags(tags: readonly string[], change: TagChange): string[] {
  if ('set' in change) return [...new Set(change.set)].filter((tag) => tag !== '')
  const kept = tags.filter((tag) => !change.remove?.includes(tag))
  const added = new Set(change.add?.filter((tag) => tag !== '' && !tags.includes(tag)))
  return [...kept, ...added]
}
