import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { after, test } from 'node:test'
import { LocalStore } from '@granary/object-store'
import { describeTree, runRestic } from '@granary/testing'
import { lockRepository } from '../../locks/repository-lock.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { engineWorld } from '../../test-world/engine-world.ts'
import { backUpGenerations } from '../../test-world/generations.ts'
import { watchChanges } from '../../test-world/watched-store.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { check } from '../check/check.ts'
import { restore } from '../restore/restore.ts'
import { prune } from './prune.ts'

const pool = new WorkerPool(2)
after(() => pool[Symbol.asyncDispose]())

async function prunableWorld() {
  const world = await engineWorld()
  const folder = `${world.folder}/source`
  await mkdir(folder)
  const ids = await backUpGenerations(await world.init(), ['a', 'b', 'c'], { folder, pool })
  const source = await describeTree(folder)
  const repository = await world.open()
  const firstSnapshot = await repository.loadSnapshot(ids[0] ?? '')
  for (const id of ids.slice(0, -1)) await repository.removeUnpacked('snapshots', id)
  return {
    world,
    folder,
    source,
    firstSnapshot,
    lastId: ids.at(-1) ?? '',
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

test('a prune that slept for longer than its lock holds removes nothing any more', async (t) => {
  await using pruned = await prunableWorld()
  const repository = await pruned.world.open()
  const stored = async () => [
    ...(await Array.fromAsync(repository.store.list('index'))),
    ...(await Array.fromAsync(repository.store.list('data'))),
  ]
  const before = await stored()
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const sleepy = watchChanges(repository.store, async ({ type }) => {
    // The first thing that is written under the exclusive lock.
    if (type === 'index') t.mock.timers.tick(31 * 60_000)
  })
  const pruning = prune(repository.withStore(sleepy), { maxUnused: 'unlimited', pool })
  await assert.rejects(pruning, /lock was not refreshed in time/)
  const names = new Set((await stored()).map(({ name }) => name))
  assert.ok(before.every(({ name }) => names.has(name)))
})

test('a pruned repository holds what its snapshots need, and nothing else', async () => {
  await using pruned = await prunableWorld()
  const { world, folder, source, lastId } = pruned
  const result = await prune(await world.open(), { maxUnused: { bytes: 0 }, pool })
  assert.ok(result.packsRepacked > 0 && result.packsRemoved > result.packsRepacked)

  await runRestic(world.place, ['check', '--read-data'])
  // Nothing is left for restic to prune either.
  const { stdout } = await runRestic(world.place, ['prune', '--dry-run', '--max-unused', '0'])
  assert.match(stdout, /total prune:\s+0 blobs/)
  const target = `${world.folder}/restored`
  await restore(await world.open(), { snapshotId: lastId, subfolder: folder, target, pool })
  assert.deepEqual(await describeTree(target), source)
})

test('what a dry run announces is what is done', async () => {
  await using pruned = await prunableWorld()
  const announced = await prune(await pruned.world.open(), { dryRun: true, pool })
  assert.deepEqual((await check(await pruned.world.open(), { pool })).findings, [])
  const done = await prune(await pruned.world.open(), { pool })
  assert.deepEqual(announced.totals, done.totals)
  assert.equal(announced.packsRepacked + announced.packsRemoved, done.packsRemoved)
})

test('leftovers of runs that were interrupted go', async () => {
  await using pruned = await prunableWorld()
  const repository = await pruned.world.open()
  await repository.store.write({ type: 'data', name: 'ab'.repeat(32) }, new Uint8Array(100))
  const { unreferencedPacks } = await prune(repository, { pool })
  assert.deepEqual(unreferencedPacks, { packs: 1, bytes: 100 })
  assert.deepEqual((await check(await pruned.world.open(), { pool })).unreferencedPacks, [])
})

test('nothing is removed while a needed blob is missing, or a pack is not as it was written', async () => {
  await using pruned = await prunableWorld()
  const { world } = pruned
  const repository = await world.open()
  const packs = await Array.fromAsync(repository.store.list('data'))
  await repository.loadIndex()
  const tree = repository.index.get('tree', (await repository.loadSnapshot(pruned.lastId)).tree)
  const lost = tree?.packId ?? ''
  await rm(`${world.place}/data/${lost.slice(0, 2)}/${lost}`)
  await assert.rejects(prune(await world.open(), { pool }), (error) => {
    assert.ok(error instanceof RepositoryProblem)
    assert.match(error.message, new RegExp(`data/${lost} is missing`))
    return true
  })
  const left = await Array.fromAsync(repository.store.list('data'))
  assert.equal(left.length, packs.length - 1)
  assert.deepEqual(await Array.fromAsync(repository.store.list('locks')), [])
})

test('prune repacks beside a running backup, and waits for it before it removes anything', async () => {
  await using pruned = await prunableWorld()
  const { world } = pruned
  const repository = await world.open()
  const packsBefore = new Set((await Array.fromAsync(repository.store.list('data'))).map(({ name }) => name))
  {
    await using _running = await lockRepository(await world.open(), { exclusive: false })
    await assert.rejects(prune(await world.open(), { maxUnused: { bytes: 0 }, pool }), {
      code: 'repository-locked',
    })
    const packs = new Set((await Array.fromAsync(repository.store.list('data'))).map(({ name }) => name))
    assert.ok(packs.isSupersetOf(packsBefore) && packs.size > packsBefore.size)
  }
  // What it has repacked is not repacked again.
  const second = await prune(await world.open(), { maxUnused: { bytes: 0 }, pool })
  assert.ok(second.packsRemoved > 0)
  assert.equal(second.packsRepacked, 0)
  await runRestic(world.place, ['check', '--read-data'], { version: '0.14.0' })
})

test('what a backup began to need while prune was at work stays', async () => {
  await using pruned = await prunableWorld()
  const { world, firstSnapshot } = pruned
  const other = await world.open()
  let isBack = false
  const store = watchChanges(new LocalStore(world.place), async ({ type }) => {
    if (type !== 'data' || isBack) return
    isBack = true
    // Of blobs that are known, and were needed by nothing when the prune began.
    await other.saveSnapshot(firstSnapshot)
  })
  const result = await prune((await world.open()).withStore(store), { maxUnused: { bytes: 0 }, pool })
  assert.ok(isBack && result.packsRepacked > 0)
  await runRestic(world.place, ['check', '--read-data'])
})

test('a prune whose ground was taken away by another one begins again', async () => {
  await using pruned = await prunableWorld()
  const { world } = pruned
  await using otherPool = new WorkerPool(1)
  let locks = 0
  const store = watchChanges(new LocalStore(world.place), async ({ type }, change) => {
    if (type !== 'locks' || change !== 'write' || ++locks !== 2) return
    // Between its shared lock and its exclusive one, another run gets to its end.
    await prune(await world.open(), { maxUnused: { bytes: 0 }, pool: otherPool })
  })
  const notices: string[] = []
  await prune((await world.open()).withStore(store), {
    maxUnused: { bytes: 0 },
    onNotice: (notice) => notices.push(notice),
  })
  assert.ok(notices.some((notice) => notice.includes('begins again')))
  await runRestic(world.place, ['check', '--read-data'])
})
