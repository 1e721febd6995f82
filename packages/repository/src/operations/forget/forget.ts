import { lockRepository } from '../../locks/repository-lock.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { applyPolicy, type Retention } from '../../retention/apply-policy.ts'
import { isEmptyPolicy, type RetentionPolicy } from '../../retention/retention-policy.ts'
import { type GroupKey, groupSnapshots, type SnapshotGroup } from '../snapshots/group-snapshots.ts'
import { type SnapshotFilter, selectSnapshots } from '../snapshots/select-snapshots.ts'
import type { Upkeep } from '../upkeep.ts'
import { lockOptions } from '../upkeep.ts'

export interface ForgetOptions extends Upkeep {
  readonly policy: RetentionPolicy
  readonly filter?: SnapshotFilter
  readonly groupBy?: readonly GroupKey[]
  /** Lets a policy remove every snapshot of a group; refused otherwise. */
  readonly mayRemoveAll?: boolean
  readonly dryRun?: boolean
  /** The time to judge by, in nanoseconds since 1970; now, unless given. */
  readonly now?: bigint
}

export interface ForgottenGroup extends Retention {
  readonly group: SnapshotGroup
}

/**
 * Removes the snapshots that a policy does not keep, and no other that can't be read. Their data stays until `prune`.
 * @throws {RepositoryProblem} `bad-request` for a policy that keeps nothing, `group-would-vanish`,
 * `repository-locked`
 */
export async function forget(repository: Repository, options: ForgetOptions): Promise<ForgottenGroup[]> {
  const mayRemoveAll = options.mayRemoveAll ?? false
  if (isEmptyPolicy(options.policy) && !mayRemoveAll) {
    throw new RepositoryProblem('bad-request', 'a policy that keeps nothing would remove every snapshot')
  }
  await using _lock = options.dryRun
    ? undefined
    : await lockRepository(repository, lockOptions(options, true))
  const now = options.now ?? BigInt(Date.now()) * 1_000_000n
  const snapshots = await selectSnapshots(repository, options.filter, (_, { detail }) =>
    options.onNotice?.(`passed over, as it can't be read: ${detail}`),
  )
  const groups = groupSnapshots(snapshots, options.groupBy).map((group) => ({
    group,
    ...applyPolicy(group.snapshots, options.policy, now),
  }))
  const vanishing = groups.find(({ keep }) => keep.length === 0)
  if (vanishing && !mayRemoveAll) {
    const { host, paths } = vanishing.group
    throw new RepositoryProblem(
      'group-would-vanish',
      `the policy keeps none of the snapshots of ${host || 'any host'}, ${paths.join(', ') || 'any path'}`,
    )
  }
  if (!options.dryRun) {
    for (const { remove } of groups) await removeSnapshots(repository, remove)
  }
  return groups
}

/** Removes these snapshots, whatever any policy says. @throws {RepositoryProblem} `repository-locked` */
export async function forgetSnapshots(
  repository: Repository,
  snapshots: readonly Pick<StoredSnapshot, 'id'>[],
  options: Upkeep = {},
): Promise<void> {
  await using _lock = await lockRepository(repository, lockOptions(options, true))
  await removeSnapshots(repository, snapshots)
}

async function removeSnapshots(
  repository: Repository,
  snapshots: readonly Pick<StoredSnapshot, 'id'>[],
): Promise<void> {
  for (const { id } of snapshots) await repository.removeUnpacked('snapshots', id)
}
