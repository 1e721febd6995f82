import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { encodeTree } from '../../format/tree.ts'
import { type EngineWorld, engineWorld } from '../../test-world/engine-world.ts'
import { backUpGenerations } from '../../test-world/generations.ts'
import { handWrittenTime as time, writeByHand } from '../../test-world/write-by-hand.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { check } from './check.ts'
import { parseReadDataSubset, selectPacks } from './read-data-subset.ts'

const pool = new WorkerPool(2)
after(() => pool[Symbol.asyncDispose]())

async function backedUpWorld(): Promise<EngineWorld & { readonly snapshotId: string }> {
  const world = await engineWorld()
  const folder = `${world.folder}/source`
  await mkdir(folder)
  const [snapshotId = ''] = await backUpGenerations(await world.init(), ['a'], { folder, pool })
  return { ...world, snapshotId }
}

const readData = { kind: 'all' } as const

/** The places of the packs of one kind of blob. */
async function packsOf(world: EngineWorld, type: 'data' | 'tree'): Promise<{ id: string; file: string }[]> {
  const repository = await world.open()
  await repository.loadIndex()
  const ids = new Set(
    [...repository.index.entries()].filter((blob) => blob.type === type).map(({ packId }) => packId),
  )
  return [...ids].map((id) => ({ id, file: `${world.place}/data/${id.slice(0, 2)}/${id}` }))
}

async function flipByte(file: string, at: number): Promise<void> {
  const content = await readFile(file)
  content[at] = (content[at] ?? 0) ^ 1
  await chmod(file, 0o600)
  await writeFile(file, content)
}

test('an intact repository has no findings, and all of it is read', async () => {
  await using world = await backedUpWorld()
  const result = await check(await world.open(), { readData, pool })
  const packs = await Array.fromAsync((await world.open()).store.list('data'))
  assert.deepEqual([result.findings, result.brokenPacks, result.unreferencedPacks], [[], [], []])
  assert.equal(result.packsRead, packs.length)
  assert.equal(result.snapshots, 1)
})

test('a pack that is missing or cut short is found without reading it, and named', async () => {
  await using world = await backedUpWorld()
  const [missing, short] = await packsOf(world, 'data')
  assert.ok(missing && short)
  await rm(missing.file)
  await chmod(short.file, 0o600)
  await truncate(short.file, 1000)
  const { findings, brokenPacks } = await check(await world.open(), { pool })
  assert.deepEqual(new Set(brokenPacks), new Set([missing.id, short.id]))
  assert.ok(findings.some(({ message }) => message === `data/${missing.id} is missing`))
  assert.ok(findings.some(({ message }) => message.startsWith(`data/${short.id} has 1000 bytes`)))
})

test('one changed bit anywhere in a pack is found when data is read, and only then', async () => {
  await using world = await backedUpWorld()
  const packs = (await packsOf(world, 'data')).slice(0, 3)
  const places = [0, 5000, -10]
  for (const [nth, { file }] of packs.entries()) {
    const { length } = await readFile(file)
    await flipByte(file, ((places[nth] ?? 0) + length) % length)
  }
  assert.deepEqual((await check(await world.open(), { pool })).findings, [])
  const { brokenPacks } = await check(await world.open(), { readData, pool })
  assert.deepEqual(new Set(brokenPacks), new Set(packs.map(({ id }) => id)))
})

test('a damaged folder is found, with the snapshot and the path that need it', async () => {
  await using world = await backedUpWorld()
  for (const { file } of await packsOf(world, 'tree')) await flipByte(file, 20)
  const { findings } = await check(await world.open(), { pool })
  assert.ok(findings.length > 0)
  for (const { message } of findings)
    assert.match(message, new RegExp(`^snapshot ${world.snapshotId.slice(0, 8)}, /`))
})

test('damaged index and snapshot files are named, and do not hide what else is wrong', async () => {
  await using world = await backedUpWorld()
  const { store } = await world.open()
  const [index] = await Array.fromAsync(store.list('index'))
  await flipByte(`${world.place}/snapshots/${world.snapshotId}`, 40)
  const first = await check(await world.open(), { pool })
  assert.deepEqual(
    first.findings.map(({ problem }) => problem),
    ['damaged-snapshot'],
  )
  await flipByte(`${world.place}/index/${index?.name}`, 40)
  const second = await check(await world.open(), { pool })
  assert.deepEqual(
    second.findings.map(({ message }) => message.split(' ')[0]),
    [`index/${index?.name}`],
  )
})

test('a hostile folder is reported: names that lead out, entries twice, blobs that are nowhere', async () => {
  await using world = await engineWorld()
  const { save } = await writeByHand(await world.init())
  const common = { mode: 0, mtime: time, atime: time, ctime: time, uid: 0, gid: 0 }
  const file = (name: string, content: string[]) => ({ ...common, name, type: 'file' as const, content })
  const nodes = [file('..', []), file('twice', []), file('twice', []), file('lost', ['cd'.repeat(32)])]
  await save(nodes)
  // With the packs, the threads look first; what they do not find sound is looked at again, and told the same way.
  for (const options of [{ pool }, { pool, readData }]) {
    const { findings } = await check(await world.open(), options)
    const messages = findings.map(({ message }) => message.replace(/^snapshot \w+, /, ''))
    assert.deepEqual(messages, [
      '/: the entry ".." has a name that would lead out of its folder',
      '/: the entry "twice" is there twice',
      `/: the entry "lost" needs the data blob ${'cd'.repeat(32)}, which no index lists`,
    ])
  }
})

test('a folder deep down that is not sound is told with its path, also where packs are read', async () => {
  await using world = await engineWorld()
  const { writer, save } = await writeByHand(await world.init())
  const common = { mode: 0, mtime: time, atime: time, ctime: time, uid: 0, gid: 0, content: null }
  const folder = (name: string, subtree: string) => ({ ...common, name, type: 'dir' as const, subtree })
  const open = await writer.save('tree', encodeTree([{ ...common, name: 'open', type: 'file' }]))
  const inner = await writer.save('tree', encodeTree([folder('inner', open.id)]))
  await save([folder('outer', inner.id)])
  const { findings } = await check(await world.open(), { pool, readData })
  assert.deepEqual(
    findings.map(({ message }) => message.replace(/^snapshot \w+, /, '')),
    ['/outer/inner: the entry "open" is a file without content'],
  )
})

test('all parts of a repository together are the whole of it', () => {
  const ids = Array.from(
    { length: 256 },
    (_, i) => [i.toString(16).padStart(2, '0').repeat(32), 100] as const,
  )
  const packs = new Map(ids)
  const parts = ['1/3', '2/3', '3/3'].flatMap((text) => selectPacks(packs, parseReadDataSubset(text)))
  assert.deepEqual(new Set(parts), new Set(packs.keys()))
  assert.equal(parts.length, packs.size)
  assert.equal(selectPacks(packs, parseReadDataSubset('25%')).length, 64)
  assert.equal(selectPacks(packs, parseReadDataSubset('1k')).length, 10)
  for (const text of ['0/3', '4/3', '0%', '101%', '', 'x']) {
    assert.throws(() => parseReadDataSubset(text), { code: 'bad-request' })
  }
})
