import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { describeTree, runRestic } from '@granary/testing'
import { backup } from '../operations/backup/backup.ts'
import { restore } from '../operations/restore/restore.ts'
import { selectSnapshots } from '../operations/snapshots/select-snapshots.ts'
import { AtOnce } from '../workers/at-once.ts'
import { WorkerPool } from '../workers/worker-pool.ts'
import type { DoomedRun } from './doomed-run.ts'
import { type EngineWorld, engineWorld } from './engine-world.ts'
import { replaceSomeFiles } from './generations.ts'
import { performTrialRun, type TrialRun, trialOperations, trialPackBytes } from './trial-run.ts'

/** How many backups each of the two repositories that are backed up to has in the end. */
const snapshotsKept = 2
/** Much of a run is waiting for locks to settle. */
const worldsAtOnce = 2
const checksAtOnce = 2
const longestDelayMs = 4
const goldenRatio = 0.618
/** A run may end just before its death, most of all when it dies at its last change. Not most of them. */
const maxRunsPerKill = 3

export interface KillTrialsResult {
  /** Runs that were begun; those beyond the number of kills ended before their death. */
  readonly runs: number
  readonly killed: number
  /** Snapshots whose content was known, and that were restored and compared: where backups went, and their copies. */
  readonly restored: { readonly backups: number; readonly copies: number }
}

/**
 * Kills backups, prunes and copies, one after the other in the same repositories, at changes drawn from those that
 * the very run makes when nothing happens to it: it is rehearsed in a copy of its repository. After each, stock restic
 * finds nothing wrong and no snapshot is gone; in the end a copy is left to itself, and all snapshots are restored.
 * @param kills how many runs have to die
 * @param random a number from 0 up to 1
 * @throws {assert.AssertionError} when anything is lost, or runs keep ending before their death
 */
export async function runKillTrials(kills: number, random: () => number): Promise<KillTrialsResult> {
  const perWorld = Math.ceil(kills / worldsAtOnce)
  const results = await Promise.all(
    Array.from({ length: worldsAtOnce }, (_, world) =>
      killInOneWorld(Math.min(perWorld, kills - world * perWorld), random),
    ),
  )
  return results.reduce((a, b) => ({
    runs: a.runs + b.runs,
    killed: a.killed + b.killed,
    restored: {
      backups: a.restored.backups + b.restored.backups,
      copies: a.restored.copies + b.restored.copies,
    },
  }))
}

async function killInOneWorld(kills: number, random: () => number): Promise<KillTrialsResult> {
  await using trials = await KillTrials.begin(random)
  let runs = 0
  for (let killed = 0; killed < kills; ) {
    assert.ok(runs < kills * maxRunsPerKill, `only ${killed} of ${runs} runs were killed before their end`)
    if (await trials.run(runs++)) killed++
  }
  return { runs, killed: kills, restored: await trials.end() }
}

class KillTrials implements AsyncDisposable {
  readonly #random: () => number
  readonly #resources: AsyncDisposableStack
  readonly #here: EngineWorld
  readonly #there: EngineWorld
  readonly #pool: WorkerPool
  readonly #source: string
  /** Descriptions of what was backed up, by the ID of its tree. */
  readonly #contents = new Map<string, string[]>()
  #part: number
  readonly #checks = new AtOnce(checksAtOnce)

  private constructor(
    random: () => number,
    resources: AsyncDisposableStack,
    here: EngineWorld,
    there: EngineWorld,
  ) {
    this.#random = random
    this.#part = random()
    this.#resources = resources
    this.#here = here
    this.#there = there
    this.#pool = resources.use(new WorkerPool(1))
    this.#source = `${here.folder}/source`
  }

  static async begin(random: () => number): Promise<KillTrials> {
    const resources = new AsyncDisposableStack()
    const [here, there] = [resources.use(await engineWorld()), resources.use(await engineWorld())]
    await here.init()
    await there.init()
    const trials = new KillTrials(random, resources, here, there)
    await mkdir(trials.#source)
    // The first prune has something to remove already.
    for (let nth = 0; nth < snapshotsKept; nth++) await trials.#backUp(nth)
    return trials
  }

  /** @returns whether the run died before its end */
  async run(nth: number): Promise<boolean> {
    const operation = trialOperations[nth % trialOperations.length] ?? 'backup'
    if (operation === 'backup') {
      await this.#backUp(nth)
      await replaceSomeFiles(this.#source, `doomed ${nth}`, nth + 1)
    }
    if (operation === 'prune') await this.#forgetOldest()
    const isCopy = operation === 'copy'
    const world = isCopy ? this.#there : this.#here
    const before = await snapshotIds(world)
    const run = { operation, place: world.place, source: isCopy ? this.#here.place : this.#source }
    const changes = await this.#rehearse(run, nth)
    const isKilled = await this.#runDoomed({
      ...run,
      diesAtChange: 1 + Math.floor(this.#drawPart() * changes),
      diesAfterMs: Math.floor(this.#random() * longestDelayMs),
    })
    assert.ok((await snapshotIds(world)).isSupersetOf(before))
    await this.#checkWithRestic(world, nth)
    return isKilled
  }

  /** Lets a copy come to its end, and restores everything. */
  async end(): Promise<KillTrialsResult['restored']> {
    await this.#checks.finish()
    await this.#forgetOldest()
    await performTrialRun(
      { operation: 'copy', place: this.#there.place, source: this.#here.place },
      this.#pool,
    )
    const [backups, copies] = [await this.#restoreAll(this.#here), await this.#restoreAll(this.#there)]
    assert.ok(copies.isSupersetOf(backups))
    return { backups: backups.size, copies: copies.size }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync()
  }

  /** One that comes to its end, so that what is in it is known. */
  async #backUp(nth: number): Promise<void> {
    await replaceSomeFiles(this.#source, `whole ${this.#contents.size}`, nth)
    const { snapshot } = await backup(await this.#here.open(), {
      targets: [this.#source],
      packBytes: trialPackBytes,
      pool: this.#pool,
    })
    this.#contents.set(snapshot.tree, await describeTree(this.#source))
  }

  /** Of the snapshots whose content is known, the newest stay; no other does. */
  async #forgetOldest(): Promise<void> {
    const repository = await this.#here.open()
    const snapshots = await selectSnapshots(repository)
    const kept = snapshots.filter(({ snapshot }) => this.#contents.has(snapshot.tree)).slice(-snapshotsKept)
    const keptIds = new Set(kept.map(({ id }) => id))
    for (const { id } of snapshots) {
      if (!keptIds.has(id)) await repository.removeUnpacked('snapshots', id)
    }
  }

  /** Each operation dies once per round; steps of the golden ratio spread its deaths over the run. */
  #drawPart(): number {
    this.#part = (this.#part + goldenRatio / trialOperations.length) % 1
    return this.#part
  }

  /** @returns how many changes the run makes */
  async #rehearse(run: TrialRun, nth: number): Promise<number> {
    const place = `${this.#here.folder}/rehearsal ${nth}`
    await cp(run.place, place, { recursive: true })
    const changes = await performTrialRun({ ...run, place }, this.#pool)
    await rm(place, { recursive: true })
    return changes
  }

  /** @returns whether it died before its end */
  async #runDoomed(run: DoomedRun): Promise<boolean> {
    const program = path.join(import.meta.dirname, 'doomed-run.ts')
    const child = spawn(process.execPath, [program, JSON.stringify(run)], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: `${this.#here.folder}/compiled` },
    })
    const [code, signal] = await once(child, 'close')
    assert.ok(code === 0 || signal === 'SIGKILL', `the ${run.operation} ended by itself with ${code}`)
    return signal === 'SIGKILL'
  }

  /** Looks at the repository as it is now, while the next run changes it. */
  async #checkWithRestic(world: EngineWorld, nth: number): Promise<void> {
    const place = `${this.#here.folder}/checked ${nth}`
    await cp(world.place, place, { recursive: true })
    await this.#checks.start(async () => {
      // The dead run's lock is still there.
      await runRestic(place, ['check', '--read-data', '--no-lock'])
      await rm(place, { recursive: true })
    })
  }

  /** @returns the trees that were compared; of runs that came to their end against their fate, nothing is known */
  async #restoreAll(world: EngineWorld): Promise<Set<string>> {
    const compared = new Set<string>()
    for (const { id, snapshot } of await selectSnapshots(await world.open())) {
      const target = `${world.folder}/restored ${id}`
      const result = await restore(await world.open(), {
        snapshotId: id,
        subfolder: this.#source,
        target,
        pool: this.#pool,
      })
      assert.deepEqual(result.failures, [])
      const content = this.#contents.get(snapshot.tree)
      if (!content) continue
      assert.deepEqual(await describeTree(target), content)
      compared.add(snapshot.tree)
    }
    return compared
  }
}

async function snapshotIds(world: EngineWorld): Promise<Set<string>> {
  return new Set((await selectSnapshots(await world.open())).map(({ id }) => id))
}
