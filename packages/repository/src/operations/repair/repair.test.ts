import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { runRestic } from '@granary/testing'
import { engineWorld } from '../../test-world/engine-world.ts'
import { backUpGenerations } from '../../test-world/generations.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { check } from '../check/check.ts'
import { selectSnapshots } from '../snapshots/select-snapshots.ts'
import { repairIndex } from './repair-index.ts'
import { repairPacks } from './repair-packs.ts'
import { repairSnapshots } from './repair-snapshots.ts'

const pool = new WorkerPool(2)
after(() => pool[Symbol.asyncDispose]())

async function backedUpWorld() {
  const world = await engineWorld()
  const folder = `${world.folder}/source`
  await mkdir(folder)
  const ids = await backUpGenerations(await world.init(), ['a', 'b'], { folder, pool })
  return { ...world, ids }
}

test('an index that is as it should be stays as it is', async () => {
  await using world = await backedUpWorld()
  const repository = await world.open()
  const before = await Array.fromAsync(repository.store.list('index'))
  const result = await repairIndex(repository)
  assert.equal(result.indexFilesRemoved, 0)
  assert.deepEqual(await Array.fromAsync(repository.store.list('index')), before)
})

test('a lost index and a damaged one are made anew from the packs', async () => {
  await using world = await backedUpWorld()
  const repository = await world.open()
  const [first, second] = await Array.fromAsync(repository.store.list('index'))
  assert.ok(first && second)
  await rm(`${world.place}/index/${first.name}`)
  await chmod(`${world.place}/index/${second.name}`, 0o600)
  await writeFile(`${world.place}/index/${second.name}`, 'not an index')
  const result = await repairIndex(await world.open())
  assert.ok(result.packsRead > 0)
  await runRestic(world.place, ['check', '--read-data'])
})

test('what is lost is taken out of the snapshots, and the rest stays', async () => {
  await using world = await backedUpWorld()
  const repository = await world.open()
  await repository.loadIndex()
  const entries = [...repository.index.entries()]
  const lost = entries.find(({ type }) => type === 'data')?.packId ?? ''
  await rm(`${world.place}/data/${lost.slice(0, 2)}/${lost}`)

  const index = await repairIndex(await world.open())
  assert.deepEqual(index.packsMissing, [lost])
  const damaged = await world.open()
  const snapshots = await selectSnapshots(damaged)
  const notices: string[] = []
  const repaired = await repairSnapshots(damaged, {
    snapshots,
    forget: true,
    onNotice: (notice) => notices.push(notice),
  })
  assert.ok(repaired.length > 0 && notices.length > 0)
  await runRestic(world.place, ['check', '--read-data'])
  const after = await selectSnapshots(await world.open())
  assert.equal(after.length, snapshots.length)
  const { snapshot } = after.find(({ id }) => id === repaired[0]?.repairedId) ?? {}
  assert.deepEqual(snapshot?.tags, ['repaired'])
  assert.equal(snapshot?.original, repaired[0]?.id)
})

test('of a damaged pack, what is intact is saved', async () => {
  await using world = await backedUpWorld()
  const repository = await world.open()
  await repository.loadIndex()
  const blobs = [...repository.index.entries()].filter(({ type }) => type === 'data')
  const pack = blobs[0]?.packId ?? ''
  const inPack = blobs.filter(({ packId }) => packId === pack)
  const [victim] = inPack
  const file = `${world.place}/data/${pack.slice(0, 2)}/${pack}`
  const content = await readFile(file)
  content[(victim?.offset ?? 0) + 20] = (content[(victim?.offset ?? 0) + 20] ?? 0) ^ 4
  await chmod(file, 0o600)
  await writeFile(file, content)

  const result = await repairPacks(await world.open(), [pack])
  assert.deepEqual(
    result.blobsLost.map(({ id }) => id),
    [victim?.id],
  )
  assert.equal(result.blobsSaved, inPack.length - 1)
  const { findings, brokenPacks } = await check(await world.open(), { readData: { kind: 'all' }, pool })
  assert.deepEqual(brokenPacks, [])
  assert.ok(findings.length > 0 && findings.every(({ message }) => message.includes(victim?.id ?? 'none')))
})
