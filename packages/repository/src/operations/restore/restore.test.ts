import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import {
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { noise, repositoryPassword, runProgram } from '@granary/testing'
import { Chunker } from '../../chunker/chunker.ts'
import { cPath, nativeCalls } from '../../filesystem/native-calls.ts'
import { encodeTree, type TreeNode } from '../../format/tree.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { type EngineWorld, engineWorld, latestSnapshot } from '../../test-world/engine-world.ts'
import { describeRichTree } from '../../test-world/rich-tree.ts'
import { handWrittenTime as time, writeByHand } from '../../test-world/write-by-hand.ts'
import { backup } from '../backup/backup.ts'
import { restore } from './restore.ts'

const fourBlobs = Buffer.concat([noise(3_000_000, 'four'), new Uint8Array(1_000_000), noise(500_000, 'tail')])

/** A repository with one snapshot of a small folder. */
async function backedUp(
  world: EngineWorld,
): Promise<{ repository: Repository; snapshotId: string; source: string }> {
  const source = `${world.folder}/source`
  await mkdir(`${source}/docs/old`, { recursive: true })
  await writeFile(`${source}/docs/a.txt`, 'a')
  await writeFile(`${source}/docs/b.md`, 'b')
  await writeFile(`${source}/docs/old/c.txt`, 'c')
  await writeFile(`${source}/large`, fourBlobs)
  await link(`${source}/docs/a.txt`, `${source}/docs/old/also a.txt`)
  const repository = await world.init()
  const { snapshotId } = await backup(repository, { targets: ['.'], workingFolder: source })
  return { repository, source, snapshotId: snapshotId ?? '' }
}

test('a restore over changed files writes only what differs, and makes them right', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId, source } = await backedUp(world)
  const before = await describeRichTree(source)
  const { mtimeMs } = await stat(`${source}/docs`)
  const file = await open(`${source}/large`, 'r+')
  await file.write('changed', 10)
  await file.truncate(4_600_000)
  await file.close()
  await writeFile(`${source}/docs/b.md`, 'longer than before')
  await rm(`${source}/docs/old/c.txt`)
  const { ino } = await stat(`${source}/large`)
  const result = await restore(repository, { snapshotId, target: source, verify: true })
  assert.deepEqual(result.failures, [])
  assert.deepEqual(await describeRichTree(source), before)
  assert.equal((await stat(`${source}/large`)).ino, ino)
  assert.equal((await stat(`${source}/docs`)).mtimeMs, mtimeMs)
  assert.ok(result.bytesRestored < fourBlobs.length / 2, `${result.bytesRestored} bytes were written`)
})

test('includes and excludes choose what comes back, and no other folder comes into being', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId } = await backedUp(world)
  const pathsAfter = async (selection: object) => {
    const target = `${world.folder}/out`
    await rm(target, { recursive: true, force: true })
    await restore(repository, { snapshotId, target, selection })
    const lines = await describeRichTree(target)
    return lines.map((line) => JSON.parse(line.slice(0, line.indexOf('" ') + 1)))
  }
  assert.deepEqual(await pathsAfter({ includes: ['*.md'] }), ['/docs', '/docs/b.md'])
  assert.deepEqual(await pathsAfter({ includes: ['/docs/old/c*'] }), [
    '/docs',
    '/docs/old',
    '/docs/old/c.txt',
  ])
  assert.deepEqual(await pathsAfter({ excludes: ['old', 'large'] }), ['/docs', '/docs/a.txt', '/docs/b.md'])
  assert.deepEqual(await pathsAfter({ includesIgnoringCase: ['*.MD'] }), ['/docs', '/docs/b.md'])
})

test('a folder of the snapshot can be restored as if it were all of it', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId, source } = await backedUp(world)
  const target = `${world.folder}/out`
  await restore(repository, { snapshotId, subfolder: '/docs/old', target })
  assert.equal(await readFile(`${target}/c.txt`, 'utf8'), 'c')
  assert.equal(await readFile(`${source}/docs/a.txt`, 'utf8'), await readFile(`${target}/also a.txt`, 'utf8'))
  await assert.rejects(
    restore(repository, { snapshotId, subfolder: '/nowhere', target }),
    (error) => error instanceof RepositoryProblem && error.code === 'path-not-found',
  )
})

test('the overwrite mode decides what happens to files that are there', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId, source } = await backedUp(world)
  const file = `${source}/docs/b.md`
  const after = async (
    overwrite: 'never' | 'if-newer' | 'if-changed' | 'always',
    seconds: number,
    content = 'mine',
  ) => {
    await writeFile(file, content)
    await utimes(file, seconds, seconds)
    const result = await restore(repository, { snapshotId, target: source, overwrite })
    assert.deepEqual(result.failures, [])
    return readFile(file, 'utf8')
  }
  const [old, future] = [1_000_000_000, 4_000_000_000]
  assert.equal(await after('never', old), 'mine')
  assert.equal(await after('if-newer', future), 'mine')
  assert.equal(await after('if-newer', old), 'b')
  assert.equal(await after('if-changed', old), 'b')
  assert.equal(await after('always', future), 'b')
})

test('the overwrite mode decides about links as well, and about further names of a file', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(`${source}/names`, { recursive: true })
  await writeFile(`${source}/names/a`, 'saved')
  await link(`${source}/names/a`, `${source}/names/b`)
  await link(`${source}/names/a`, `${source}/names/c`)
  await symlink('names', `${source}/pointer`)
  const repository = await world.init()
  await backup(repository, { targets: ['.'], workingFolder: source })
  const { id: snapshotId } = await latestSnapshot(repository)
  const target = `${world.folder}/out`
  for (const overwrite of ['never', 'if-newer'] as const) {
    await rm(target, { recursive: true, force: true })
    await mkdir(`${target}/names`, { recursive: true })
    for (const mine of ['names/a', 'names/c', 'pointer']) {
      await writeFile(`${target}/${mine}`, 'mine')
      await utimes(`${target}/${mine}`, 4_000_000_000, 4_000_000_000)
    }
    const result = await restore(repository, { snapshotId, target, overwrite })
    assert.deepEqual(result.failures, [])
    assert.equal(result.filesSkipped, 3)
    for (const mine of ['names/a', 'names/c', 'pointer'])
      assert.equal(await readFile(`${target}/${mine}`, 'utf8'), 'mine')
    assert.equal(await readFile(`${target}/names/b`, 'utf8'), 'saved')
  }
})

test('a file that its owner may not write is restored over all the same', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(`${source}/below`, { recursive: true })
  const modes = { 'read-only': 0o444, 'below/closed': 0o000, 'write-only': 0o200, empty: 0o400 }
  const contentOf = (name: string) => (name === 'empty' ? '' : `saved as ${name}`)
  for (const [name, mode] of Object.entries(modes)) {
    await writeFile(`${source}/${name}`, contentOf(name))
    await chmod(`${source}/${name}`, mode)
  }
  await chmod(`${source}/below/closed`, 0o600)
  nativeCalls?.setExtendedAttribute(cPath(`${source}/below/closed`), 'user.colour', Buffer.from('blue'))
  await chmod(`${source}/below/closed`, 0)
  const repository = await world.init()
  const { snapshotId = '' } = await backup(repository, { targets: ['.'], workingFolder: source })
  const target = `${world.folder}/out`
  await restore(repository, { snapshotId, target })
  await chmod(`${target}/read-only`, 0o644)
  await writeFile(`${target}/read-only`, 'changed')
  await chmod(`${target}/read-only`, 0o444)
  await rm(`${target}/below/closed`)
  // Whoever is root may write to any file.
  const somebody = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (somebody.uid) await runProgram('chown', ['-R', `${somebody.uid}:${somebody.gid}`, world.folder])
  const program = path.resolve(import.meta.dirname, '../../../bin/granary-repo.js')
  await runProgram(process.execPath, [program, 'restore', '--no-lock', snapshotId, '--target', target], {
    ...somebody,
    env: {
      PATH: process.env.PATH,
      HOME: world.folder,
      RESTIC_REPOSITORY: world.place,
      RESTIC_PASSWORD: repositoryPassword,
    },
  })
  for (const [name, mode] of Object.entries(modes)) {
    assert.equal((await stat(`${target}/${name}`)).mode & 0o777, mode, name)
    await chmod(`${target}/${name}`, 0o600)
    const colour = nativeCalls?.getExtendedAttribute(cPath(`${target}/${name}`), 'user.colour')
    assert.equal(colour !== undefined, nativeCalls !== undefined && name === 'below/closed', name)
    assert.equal(await readFile(`${target}/${name}`, 'utf8'), contentOf(name))
  }
})

test('what a folder hands down to new files, and what an empty file had, is not on what is restored', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(`${source}/inner`, { recursive: true })
  await writeFile(`${source}/secret`, 'secret')
  await chmod(`${source}/secret`, 0o640)
  await writeFile(`${source}/empty`, '')
  const before = await describeRichTree(source)
  const repository = await world.init()
  const { snapshotId = '' } = await backup(repository, { targets: ['.'], workingFolder: source })
  const target = `${world.folder}/out`
  await mkdir(target)
  await writeFile(`${target}/empty`, '')
  // Whatever is made in this folder may be read by user 1234.
  const entries = [
    [1, 7],
    [2, 7, 1234],
    [4, 5],
    [0x10, 7],
    [0x20, 5],
  ] as const
  const list = Buffer.alloc(4 + entries.length * 8)
  list.writeUInt32LE(2)
  for (const [nth, [tag, permissions, id = 0xffffffff]] of entries.entries()) {
    list.writeUInt16LE(tag, 4 + nth * 8)
    list.writeUInt16LE(permissions, 6 + nth * 8)
    list.writeUInt32LE(id, 8 + nth * 8)
  }
  nativeCalls?.setExtendedAttribute(cPath(target), 'system.posix_acl_default', list)
  nativeCalls?.setExtendedAttribute(cPath(`${target}/empty`), 'user.colour', Buffer.from('blue'))
  const result = await restore(repository, { snapshotId, target, ownership: false })
  assert.deepEqual(result.failures, [])
  assert.deepEqual(await describeRichTree(target), before)
})

test('an attribute that the system does not know is left out, and a refused one costs nothing else', async () => {
  await using world = await engineWorld()
  const repository = await world.init()
  const { writer, save } = await writeByHand(repository)
  const time = '2024-01-01T00:00:00.123456789Z'
  const common = { mode: 0o640, mtime: time, atime: time, ctime: time, uid: 0, gid: 0 }
  const { id } = await writer.save('data', Buffer.from('mine'))
  const value = Buffer.from('value')
  const nodes: TreeNode[] = [
    { ...common, name: 'of another system', attribute: 'com.apple.quarantine' },
    { ...common, name: 'refused', attribute: `user.${'x'.repeat(300)}` },
  ].map(({ attribute, ...node }) => ({
    ...{ ...node, type: 'file', size: 4, content: [id] },
    extendedAttributes: [
      { name: attribute, value },
      { name: 'user.colour', value },
    ],
  }))
  const snapshotId = await save(nodes)
  const target = `${world.folder}/out`
  const { failures } = await restore(repository, { snapshotId, target, ownership: false })
  const refused = failures.map((failure) => path.basename(failure.path))
  assert.deepEqual(refused, nativeCalls ? ['refused'] : [])
  for (const { name } of nodes) {
    const { mode, mtimeNs } = await stat(`${target}/${name}`, { bigint: true })
    assert.equal(mode & 0o777n, 0o640n, name)
    assert.equal(mtimeNs / 1000n, 1_704_067_200_123_456n, name)
    const colour = nativeCalls?.getExtendedAttribute(cPath(`${target}/${name}`), 'user.colour')
    assert.deepEqual(colour && Buffer.from(colour), nativeCalls && value)
  }
})

test('zeros become holes when asked for', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId } = await backedUp(world)
  const target = `${world.folder}/out`
  await restore(repository, { snapshotId, target, sparse: true, verify: true })
  assert.equal(hash('sha256', await readFile(`${target}/large`)), hash('sha256', fourBlobs))
  const { blocks } = await stat(`${target}/large`)
  assert.ok(blocks * 512 < fourBlobs.length - 900_000)
})

test('links in the target lead nowhere: they are replaced, and what they point to stays as it is', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId } = await backedUp(world)
  const [target, outside] = [`${world.folder}/out`, `${world.folder}/outside`]
  await mkdir(target)
  await mkdir(outside)
  await writeFile(`${outside}/a.txt`, 'untouched')
  await writeFile(`${outside}/large`, 'untouched')
  await symlink(outside, `${target}/docs`)
  await symlink(`${outside}/large`, `${target}/large`)
  const result = await restore(repository, { snapshotId, target })
  assert.deepEqual(result.failures, [])
  assert.ok((await lstat(`${target}/docs`)).isDirectory())
  assert.equal(await readFile(`${outside}/a.txt`, 'utf8'), 'untouched')
  assert.equal(await readFile(`${outside}/large`, 'utf8'), 'untouched')
})

test('an empty folder makes way for what belongs in its place, and a full one only on demand', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(source)
  await writeFile(`${source}/file`, 'saved')
  await link(`${source}/file`, `${source}/second name`)
  await symlink('file', `${source}/pointer`)
  const repository = await world.init()
  const { snapshotId = '' } = await backup(repository, { targets: ['.'], workingFolder: source })
  const target = `${world.folder}/out`
  const names = ['file', 'pointer', 'second name']
  for (const name of names) await mkdir(`${target}/${name}`, { recursive: true })
  const result = await restore(repository, { snapshotId, target, verify: true })
  assert.deepEqual(result.failures, [])
  assert.equal(result.filesRestored, 3)
  for (const name of names) assert.equal(await readFile(`${target}/${name}`, 'utf8'), 'saved')

  for (const name of names) {
    await rm(`${target}/${name}`)
    await mkdir(`${target}/${name}/mine`, { recursive: true })
  }
  const refused = await restore(repository, { snapshotId, target })
  const failed = refused.failures.map(({ path }) => path.slice(target.length + 1))
  assert.deepEqual(failed.toSorted(), names)
  assert.ok((await lstat(`${target}/file/mine`)).isDirectory())
  const cleared = await restore(repository, { snapshotId, target, deleteExtras: true })
  assert.deepEqual(cleared.failures, [])
  for (const name of names) assert.equal(await readFile(`${target}/${name}`, 'utf8'), 'saved')
})

test('a file with a second name elsewhere is replaced, not written into', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId } = await backedUp(world)
  const target = `${world.folder}/out`
  await mkdir(target)
  await writeFile(`${world.folder}/elsewhere`, 'untouched')
  await link(`${world.folder}/elsewhere`, `${target}/large`)
  await restore(repository, { snapshotId, target, verify: true })
  assert.equal(await readFile(`${world.folder}/elsewhere`, 'utf8'), 'untouched')
})

test('folders come back however deep they lie', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  // As deep as a path may be long.
  const way = Array.from({ length: 1900 }, () => 'd').join('/')
  await mkdir(`${source}/${way}`, { recursive: true })
  await writeFile(`${source}/${way}/leaf`, 'deep down')
  const repository = await world.init()
  const { snapshotId = '' } = await backup(repository, { targets: ['.'], workingFolder: source })
  const target = `${world.folder}/out`
  const result = await restore(repository, { snapshotId, target, deleteExtras: true })
  assert.deepEqual(result.failures, [])
  assert.equal(await readFile(`${target}/${way}/leaf`, 'utf8'), 'deep down')
})

test('names that lead out of the target are refused, and the rest is restored', async () => {
  await using world = await engineWorld()
  const repository = await world.init()
  const { writer, save } = await writeByHand(repository)
  const common = { mode: 0o644, mtime: time, atime: time, ctime: time, uid: 0, gid: 0 }
  const { id } = await writer.save('data', Buffer.from('evil'))
  const names = ['..', '.', '', '../up', '/etc/cron.d/evil', 'a/b', 'nul\0byte', 'good']
  const nodes: TreeNode[] = names.map((name) => ({ ...common, name, type: 'file', size: 4, content: [id] }))
  const { id: inner } = await writer.save('tree', encodeTree(nodes))
  const folders: TreeNode[] = ['..', 'fine'].map((name) => ({
    ...common,
    name,
    type: 'dir',
    mode: 2 ** 31 + 0o755,
    content: null,
    subtree: inner,
  }))
  const snapshotId = await save([...nodes, ...folders])
  const target = `${world.folder}/a/b/out`
  const result = await restore(repository, { snapshotId, target, ownership: false })
  assert.equal(result.failures.length, 7 + 1 + 7)
  assert.match(result.failures[0]?.message ?? '', /would lead out/)
  const everything = await describeRichTree(`${world.folder}/a`)
  assert.deepEqual(
    everything.map((line) => JSON.parse(line.slice(0, line.indexOf('" ') + 1))),
    ['/b', '/b/out', '/b/out/fine', '/b/out/fine/good', '/b/out/good'],
  )
})

test('a damaged pack costs the files in it and no others, and another copy of a blob is used', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId, source } = await backedUp(world)
  const blobs = [...repository.index.entries()].filter(({ type }) => type === 'data')
  const damagedBlob = blobs.find(({ lengthBytes }) => lengthBytes > 400_000)
  assert.ok(damagedBlob)
  const pack = `${world.place}/data/${damagedBlob.packId.slice(0, 2)}/${damagedBlob.packId}`
  const content = await readFile(pack)
  content[damagedBlob.offset + 1000] = (content[damagedBlob.offset + 1000] ?? 0) ^ 1
  await rm(pack)
  await writeFile(pack, content)
  const target = `${world.folder}/out`
  const result = await restore(await world.open(), { snapshotId, target })
  assert.deepEqual(
    result.failures.map(({ path }) => path),
    [`${target}/large`],
  )
  assert.match(result.failures[0]?.message ?? '', new RegExp(`data/${damagedBlob.packId}`))
  assert.equal(await readFile(`${target}/docs/old/c.txt`, 'utf8'), 'c')

  // restic's `repair packs`, and two machines at once, leave second copies.
  const chunk = chunkOf(fourBlobs, repository.config.chunkerPolynomial, damagedBlob.id)
  const writer = repository.startWriting()
  await writer.saveSealed('data', damagedBlob.id, repository.cipher.seal(chunk))
  await writer.flush()
  await rm(target, { recursive: true })
  const second = await restore(await world.open(), { snapshotId, target, verify: true })
  assert.deepEqual(second.failures, [])
  assert.deepEqual(await describeRichTree(target), await describeRichTree(source))
})

function chunkOf(content: Uint8Array, polynomial: bigint, id: string): Uint8Array {
  let start = 0
  for (const length of new Chunker(polynomial).split(content)) {
    const chunk = content.subarray(start, start + length)
    if (hash('sha256', chunk) === id) return chunk
    start += length
  }
  throw new Error('the file has no such chunk')
}

test('on demand, what the snapshot does not have is removed, links and all, and nothing outside', async () => {
  await using world = await engineWorld()
  const { repository, snapshotId, source } = await backedUp(world)
  const before = await describeRichTree(source)
  const outside = `${world.folder}/outside`
  await mkdir(outside)
  await writeFile(`${outside}/kept`, 'x')
  await writeFile(`${source}/extra`, 'x')
  await mkdir(`${source}/docs/extra folder/deep`, { recursive: true })
  await writeFile(`${source}/docs/extra folder/deep/file`, 'x')
  await symlink(outside, `${source}/docs/extra link`)
  // A folder that has become a link to another place: what is there is none of ours.
  await rm(`${source}/docs/old`, { recursive: true })
  await symlink(outside, `${source}/docs/old`)

  const deleted: string[] = []
  const options = { snapshotId, target: source, deleteExtras: true }
  const onDelete = (path: string) => deleted.push(path.slice(source.length + 1))
  const dry = await restore(repository, { ...options, dryRun: true, onDelete })
  assert.deepEqual(deleted.toSorted(), ['docs/extra folder', 'docs/extra link', 'extra'])
  assert.equal(dry.itemsDeleted, 3)
  await stat(`${source}/docs/extra folder/deep/file`)

  const selection = { includes: ['/docs/*'] }
  assert.equal((await restore(repository, { ...options, selection })).itemsDeleted, 2)
  await stat(`${source}/extra`)
  const all = await restore(repository, options)
  assert.deepEqual([all.itemsDeleted, all.failures], [1, []])
  assert.deepEqual(await describeRichTree(source), before)
  await stat(`${outside}/kept`)
  await assert.rejects(restore(repository, { ...options, target: '/' }), { code: 'bad-request' })
})

test('where a folder of the snapshot can not be read, nothing is removed', async () => {
  await using world = await engineWorld()
  const { repository, source } = await backedUp(world)
  const { save } = await writeByHand(repository)
  const node = { mode: 0o755 + 2 ** 31, uid: 0, gid: 0, content: null, subtree: 'ab'.repeat(32) }
  const docs: TreeNode = { ...node, name: 'docs', type: 'dir', mtime: time, atime: time, ctime: time }
  const snapshotId = await save([docs])
  const selection = { includes: ['/docs/**'] }
  const result = await restore(repository, { snapshotId, target: source, selection, deleteExtras: true })
  assert.equal(result.itemsDeleted, 0)
  assert.equal(result.failures.length, 1)
  await stat(`${source}/docs/a.txt`)
})
