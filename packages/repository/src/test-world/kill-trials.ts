import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { describeTree, runRestic } from '@granary/testing'
import { backup } from '../operations/backup/backup.ts'
import { restore } from '../operations/restore/restore.ts'
import { selectSnapshots } from '../operations/snapshots/select-snapshots.ts'
import { WorkerPool } from '../workers/worker-pool.ts'
import type { DoomedRun } from './doomed-run.ts'
import { type EngineWorld, engineWorld } from './engine-world.ts'
import { replaceSomeFiles } from './generations.ts'

const operations = ['backup', 'prune', 'copy'] as const
const snapshotsKept = 3
/** A run of these trials makes about so many changes to its repository. */
const changesInRun = { backup: 10, prune: 26, copy: 20 }

export interface KillTrialsResult {
  /** Runs that died before their end. */
  readonly killed: number
  readonly restored: number
}

/**
 * Kills backups, prunes and copies at random points, one after the other in the same repositories. After each, stock
 * restic finds nothing wrong and no snapshot is gone; in the end, all of them are restored and compared.
 * @param random a number from 0 up to 1
 * @throws {assert.AssertionError} when anything is lost
 */
export async function runKillTrials(trials: number, random: () => number): Promise<KillTrialsResult> {
  await using here = await engineWorld()
  await using there = await engineWorld()
  await using pool = new WorkerPool(1)
  const folder = `${here.folder}/source`
  await mkdir(folder)
  await here.init()
  await there.init()
  const contents = new Map<string, string[]>()
  let killed = 0
  for (let trial = 0; trial < trials; trial++) {
    const operation = operations[trial % operations.length] ?? 'backup'
    if (operation === 'backup') {
      // One that is whole, and one that dies.
      await replaceSomeFiles(folder, `${trial} whole`, trial)
      const { snapshot } = await backup(await here.open(), { targets: [folder], packBytes: 64 * 1024, pool })
      contents.set(snapshot.tree, await describeTree(folder))
      await replaceSomeFiles(folder, `${trial} doomed`, trial + 1)
    }
    if (operation === 'prune') await forgetOldest(here)
    const changed = operation === 'copy' ? there : here
    const before = await snapshotIds(changed)
    const isKilled = await runDoomed({
      operation,
      place: changed.place,
      source: operation === 'copy' ? here.place : folder,
      diesAtChange: 1 + Math.floor(random() * changesInRun[operation]),
      diesAfterMs: Math.floor(random() * 4),
    })
    if (isKilled) killed++
    // The dead run's lock is still there.
    await runRestic(changed.place, ['check', '--read-data', '--no-lock'])
    assert.ok((await snapshotIds(changed)).isSupersetOf(before))
  }
  const restored =
    (await restoreAll(here, folder, contents, pool)) + (await restoreAll(there, folder, contents, pool))
  return { killed, restored }
}

async function snapshotIds(world: EngineWorld): Promise<Set<string>> {
  return new Set((await selectSnapshots(await world.open())).map(({ id }) => id))
}

async function forgetOldest(world: EngineWorld): Promise<void> {
  const repository = await world.open()
  const snapshots = await selectSnapshots(repository)
  for (const { id } of snapshots.slice(0, -snapshotsKept)) await repository.removeUnpacked('snapshots', id)
}

/** @returns whether it died before its end */
async function runDoomed(run: DoomedRun): Promise<boolean> {
  const program = path.join(import.meta.dirname, 'doomed-run.ts')
  const child = spawn(process.execPath, [program, JSON.stringify(run)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code, signal] = await once(child, 'close')
  assert.ok(code === 0 || signal === 'SIGKILL', `the ${run.operation} ended by itself with ${code}`)
  return signal === 'SIGKILL'
}

/** Compares what is restored with what was there; of runs that got to their end unexpectedly, nothing is known. */
async function restoreAll(
  world: EngineWorld,
  folder: string,
  contents: ReadonlyMap<string, string[]>,
  pool: WorkerPool,
): Promise<number> {
  let restored = 0
  for (const { id, snapshot } of await selectSnapshots(await world.open())) {
    const target = `${world.folder}/restored ${id}`
    const result = await restore(await world.open(), { snapshotId: id, subfolder: folder, target, pool })
    assert.deepEqual(result.failures, [])
    const content = contents.get(snapshot.tree)
    if (content) assert.deepEqual(await describeTree(target), content)
    restored++
  }
  return restored
}
