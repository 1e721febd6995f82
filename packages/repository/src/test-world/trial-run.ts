import { LocalStore, type ObjectStore } from '@granary/object-store'
import { repositoryPassword } from '@granary/testing'
import { backup } from '../operations/backup/backup.ts'
import { copySnapshots } from '../operations/copy/copy.ts'
import { prune } from '../operations/prune/prune.ts'
import { selectSnapshots } from '../operations/snapshots/select-snapshots.ts'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { Repository } from '../repository.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import { watchChanges } from './watched-store.ts'

/** What the kill trials let be killed. */
export const trialOperations = ['backup', 'prune', 'copy'] as const
type TrialOperation = (typeof trialOperations)[number]

/** Small, so that a run makes many changes. */
export const trialPackBytes = 64 * 1024

export interface TrialRun {
  readonly operation: TrialOperation
  /** The repository that is changed. */
  readonly place: string
  /** What is backed up, or the repository that is copied from. */
  readonly source: string
}

/**
 * Does one operation as a whole.
 * @param onChange told before each change of the repository, which are counted from 1
 * @returns how many changes it made
 */
export async function performTrialRun(
  { operation, place, source }: TrialRun,
  pool: WorkerPool,
  onChange: (change: number) => void = () => {},
): Promise<number> {
  let changes = 0
  const store: ObjectStore = watchChanges(new LocalStore(place), async () => onChange(++changes))
  const options = { password: repositoryPassword, primitives: nodePrimitives }
  const repository = await Repository.open(store, options)
  const packBytes = trialPackBytes
  if (operation === 'backup') {
    // Checkpoints at once: the index grows while packs are stored.
    await backup(repository, { targets: [source], packBytes, pool, checkpointMs: 0 })
  } else if (operation === 'prune') await prune(repository, { maxUnused: { bytes: 0 }, packBytes, pool })
  else {
    const other = await Repository.open(new LocalStore(source), options)
    const snapshots = await selectSnapshots(other)
    // Nothing writes to the source meanwhile.
    await copySnapshots(other, repository, { snapshots, packBytes, pool, noSourceLock: true })
  }
  return changes
}
