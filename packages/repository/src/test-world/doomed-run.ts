import { setTimeout as delay } from 'node:timers/promises'
import { LocalStore } from '@granary/object-store'
import { repositoryPassword } from '@granary/testing'
import { backup } from '../operations/backup/backup.ts'
import { copySnapshots } from '../operations/copy/copy.ts'
import { prune } from '../operations/prune/prune.ts'
import { selectSnapshots } from '../operations/snapshots/select-snapshots.ts'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { Repository } from '../repository.ts'
import { WorkerPool } from '../workers/worker-pool.ts'
import { watchChanges } from './watched-store.ts'

/** What a process does until it is killed by its own hand. */
export interface DoomedRun {
  readonly operation: 'backup' | 'prune' | 'copy'
  /** The repository that is changed. */
  readonly place: string
  /** What is backed up, or the repository that is copied from. */
  readonly source: string
  /** The process dies so many milliseconds after it has begun this change, counted from 1. */
  readonly diesAtChange: number
  readonly diesAfterMs: number
}

const packBytes = 64 * 1024

/** The program of {@link DoomedRun}: takes it as JSON in its one argument. */
async function run({ operation, place, source, diesAtChange, diesAfterMs }: DoomedRun): Promise<void> {
  let changes = 0
  const store = watchChanges(new LocalStore(place), async () => {
    if (++changes !== diesAtChange) return
    void delay(diesAfterMs).then(() => process.kill(process.pid, 'SIGKILL'))
  })
  const options = { password: repositoryPassword, primitives: nodePrimitives }
  const repository = await Repository.open(store, options)
  await using pool = new WorkerPool(1)
  if (operation === 'backup') {
    // Checkpoints at once: the index grows while packs are stored.
    await backup(repository, { targets: [source], packBytes, pool, checkpointMs: 0 })
  } else if (operation === 'prune') await prune(repository, { maxUnused: { bytes: 0 }, packBytes, pool })
  else {
    const other = await Repository.open(new LocalStore(source), options)
    await copySnapshots(other, repository, { snapshots: await selectSnapshots(other), packBytes, pool })
  }
}

await run(JSON.parse(process.argv[2] ?? ''))
