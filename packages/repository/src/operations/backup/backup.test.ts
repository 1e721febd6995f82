import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, link, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { LocalStore } from '@granary/object-store'
import { noise, repositoryPassword, runRestic } from '@granary/testing'
import { cPath, nativeCalls } from '../../filesystem/native-calls.ts'
import { lockRepository } from '../../locks/repository-lock.ts'
import { thisProcess } from '../../locks/this-process.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { type EngineWorld, engineWorld, latestSnapshot } from '../../test-world/engine-world.ts'
import { findSubtree } from '../find-subtree.ts'
import { restore } from '../restore/restore.ts'
import { backup } from './backup.ts'
import { commandOutput } from './command-output.ts'
import { cacheFolderRule, parsePresenceRule } from './exclude-rules.ts'

async function source(world: EngineWorld, files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = `${world.folder}/source`
  for (const [name, content] of Object.entries(files)) {
    const file = `${folder}/${name}`
    await mkdir(file.slice(0, file.lastIndexOf('/')), { recursive: true })
    await writeFile(file, content)
  }
  return folder
}

/** The paths in a snapshot, below the folder that was backed up. */
async function pathsIn(repository: Repository, treeId: string, below: string): Promise<string[]> {
  const paths: string[] = []
  const walk = async (tree: string, path: string) => {
    for (const node of await repository.loadTree(tree)) {
      paths.push(`${path}/${node.name}`)
      if (node.subtree) await walk(node.subtree, `${path}/${node.name}`)
    }
  }
  await walk(treeId, '')
  return paths.filter((path) => path.startsWith(`${below}/`)).map((path) => path.slice(below.length + 1))
}

test('a second backup reads only what has changed, and counts it', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { 'a/same': 'same', 'a/grows': 'x', 'b/touched': 'kept', gone: 'gone' })
  const repository = await world.init()
  const first = await backup(repository, { targets: [folder] })
  assert.equal(first.summary.files_new, 4)
  assert.equal(first.summary.data_blobs, 4)
  await writeFile(`${folder}/a/grows`, 'xy')
  await utimes(`${folder}/b/touched`, 1, 1)
  await writeFile(`${folder}/a/added`, 'new')
  await rm(`${folder}/gone`)
  const second = await backup(repository, { targets: [folder] })
  assert.equal(second.parentId, first.snapshotId)
  const { files_new, files_changed, files_unmodified, data_blobs } = second.summary
  assert.deepEqual(
    { files_new, files_changed, files_unmodified, data_blobs },
    {
      files_new: 1,
      files_changed: 2,
      files_unmodified: 1,
      data_blobs: 2,
    },
  )
  // Relative, because the folders above change while other tests run.
  const relative = { targets: ['source'], workingFolder: world.folder, skipIfUnchanged: true }
  await backup(repository, relative)
  const third = await backup(repository, relative)
  assert.equal(third.snapshotId, undefined)
  assert.equal(third.summary.tree_blobs, 0)
})

test('what changes about a file without its content is in the next snapshot, also its extended attributes', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { painted: 'same', closed: 'same', linked: 'same', kept: 'same' })
  const repository = await world.init()
  await backup(repository, { targets: [folder] })
  const colour = { name: 'user.colour', value: new TextEncoder().encode('blue') }
  nativeCalls?.setExtendedAttribute(cPath(`${folder}/painted`), colour.name, colour.value)
  await chmod(`${folder}/closed`, 0o600)
  await link(`${folder}/linked`, `${world.folder}/elsewhere`)
  const second = await backup(repository, { targets: [folder] })
  assert.equal(second.summary.files_unmodified, 1)
  assert.equal(second.summary.data_blobs, 0)
  const nodes = await repository.loadTree(await findSubtree(repository, second.snapshot.tree, folder))
  const [closed, kept, linked, painted] = nodes
  assert.deepEqual([closed?.mode, linked?.links], [0o600, 2])
  assert.deepEqual(painted?.extendedAttributes, nativeCalls && [colour])
  assert.equal(kept?.extendedAttributes, undefined)
})

test('a file is backed up whatever its extended attributes are named', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { painted: 'same' })
  const value = new TextEncoder().encode('blue')
  // Bytes that are no text.
  nativeCalls?.setExtendedAttribute(cPath(`${folder}/painted`), 'user.\udcff\udcfe', value)
  const repository = await world.init()
  const { failures, snapshot } = await backup(repository, { targets: [folder] })
  assert.deepEqual(failures, [])
  const [painted] = await repository.loadTree(await findSubtree(repository, snapshot.tree, folder))
  // As restic writes them.
  const attributes = nativeCalls && [{ name: 'user.\ufffd\ufffd', value }]
  assert.deepEqual(painted?.extendedAttributes, attributes)
})

test('a file whose blobs were lost is read again, though it has not changed', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { kept: 'content' })
  const repository = await world.init()
  await backup(repository, { targets: [folder] })
  for await (const { name } of repository.store.list('index'))
    await repository.store.remove({ type: 'index', name })
  for await (const { name } of repository.store.list('data'))
    await repository.store.remove({ type: 'data', name })
  const again = await backup(await world.open(), { targets: [folder] })
  assert.equal(again.summary.data_blobs, 1)
  const restored = await restore(await world.open(), {
    snapshotId: again.snapshotId ?? '',
    target: `${world.folder}/out`,
  })
  assert.deepEqual(restored.failures, [])
})

test('what is excluded by pattern, size, marker file or as a cache is left out', async () => {
  await using world = await engineWorld()
  const folder = await source(world, {
    'keep.txt': 'x',
    'drop.tmp': 'x',
    'DROP.BAK': 'x',
    'large.bin': noise(5000, 'large'),
    'cache/CACHEDIR.TAG': 'Signature: 8a477f597d28d172789f06886806bc55 and more',
    'cache/data': 'x',
    'no cache/CACHEDIR.TAG': 'something else',
    'no cache/data': 'x',
    'odd/CACHEDIR.TAG/data': 'x',
    'odd/data': 'x',
    'piped/data': 'x',
    'marked/.nobackup': '',
    'marked/data': 'x',
  })
  // Nobody writes into it.
  nativeCalls?.makeNode(cPath(`${folder}/piped/CACHEDIR.TAG`), 0o010640, 0n)
  const repository = await world.init()
  const { snapshot } = await backup(repository, {
    targets: [folder],
    excludes: {
      patterns: ['*.tmp'],
      patternsIgnoringCase: ['*.bak'],
      largerThanBytes: 4999,
      ifPresent: [cacheFolderRule, parsePresenceRule('.nobackup')],
    },
  })
  assert.deepEqual(await pathsIn(repository, snapshot.tree, folder), [
    ...['cache', 'cache/CACHEDIR.TAG', 'keep.txt', 'marked', 'marked/.nobackup'],
    ...['no cache', 'no cache/CACHEDIR.TAG', 'no cache/data'],
    ...['odd', 'odd/CACHEDIR.TAG', 'odd/CACHEDIR.TAG/data', 'odd/data'],
    ...['piped', ...(nativeCalls ? ['piped/CACHEDIR.TAG'] : []), 'piped/data'],
  ])
  assert.deepEqual(snapshot.excludes, ['*.tmp', '*.bak'])
})

test('what vanishes or can not be read is reported and left out, and the rest is saved', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { good: 'x', 'sub/also good': 'y' })
  const repository = await world.init()
  const failed: string[] = []
  const result = await backup(repository, {
    targets: [folder, `${world.folder}/is not there`],
    onFailure: ({ path }) => failed.push(path),
  })
  assert.deepEqual(failed, [`${world.folder}/is not there`])
  assert.equal(result.failures.length, 1)
  // The next backup, and a forget, take it for a snapshot of the same as if only the folder had been named.
  assert.deepEqual(result.snapshot.paths, [folder])
  assert.deepEqual(await pathsIn(repository, result.snapshot.tree, folder), ['good', 'sub', 'sub/also good'])
  await assert.rejects(
    backup(repository, { targets: ['/is not there'] }),
    (error) => error instanceof RepositoryProblem && error.code === 'nothing-to-back-up',
  )
})

test('relative targets stand at the top of the snapshot, as with restic', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { 'a/x': 'x', 'b/y': 'y' })
  const repository = await world.init()
  const ours = await backup(repository, { targets: ['a', './b'], workingFolder: folder })
  await runRestic(world.place, ['backup', '--force', 'a', './b'], { cwd: folder })
  const theirs = await latestSnapshot(repository)
  assert.equal(ours.snapshot.tree, theirs.snapshot.tree)
  assert.deepEqual(ours.snapshot.paths, theirs.snapshot.paths)
})

test('what the folder holds in which a backup is run can be excluded, as with restic', async () => {
  await using world = await engineWorld()
  const folder = await source(world, {
    'keep/x': 'x',
    'drop/y': 'y',
    'drop.tmp': 'z',
    'large.bin': noise(5000, 'large'),
    'beside/drop.tmp': 'z',
  })
  await source(world, { 'marked/.nobackup': '', 'marked/data': 'x' })
  const repository = await world.init()
  const flags = ['--exclude', 'drop', '--exclude', '/**/*.tmp', '--exclude-larger-than', '4000']
  const excludes = {
    patterns: ['drop', '/**/*.tmp'],
    ifPresent: [parsePresenceRule('.nobackup')],
    largerThanBytes: 4000,
  }
  for (const [workingFolder, ...targets] of [
    [folder, '.'],
    [`${folder}/keep`, '..'],
    [`${folder}/marked`, '.'],
    [`${folder}/marked`, '.', '../keep'],
  ] as [string, ...string[]][]) {
    const ours = await backup(repository, { targets, workingFolder, excludes })
    await runRestic(
      world.place,
      ['backup', '--force', ...flags, '--exclude-if-present', '.nobackup', ...targets],
      { cwd: workingFolder },
    )
    const theirs = await latestSnapshot(repository)
    assert.equal(ours.snapshot.tree, theirs.snapshot.tree, targets.join(' '))
  }
})

test('a single file, and folders within each other, are backed up as restic does', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { 'a/b/x': 'x', 'a/y': 'y' })
  const repository = await world.init()
  for (const targets of [
    [`${folder}/a/y`],
    [`${folder}/a/b`, `${folder}/a/b/x`],
    [`${folder}/a`, `${folder}/a/b`],
  ]) {
    const ours = await backup(repository, { targets })
    await runRestic(world.place, ['backup', '--force', ...targets])
    const theirs = await latestSnapshot(repository)
    assert.deepEqual(
      await pathsIn(repository, ours.snapshot.tree, folder),
      await pathsIn(await world.open().then(loaded), theirs.snapshot.tree, folder),
    )
  }
})

test('what lies behind a link to a folder is backed up when it is named, as restic does', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { 'real/data/x': 'x', 'a file': 'y' })
  await symlink('real', `${folder}/link`)
  const repository = await world.init()
  const options = { workingFolder: folder }
  const ours = await backup(repository, { ...options, targets: ['link/data', 'link'] })
  await runRestic(world.place, ['backup', '--force', 'link/data', 'link'], { cwd: folder })
  const theirs = await latestSnapshot(repository)
  const expected = await pathsIn(await world.open().then(loaded), theirs.snapshot.tree, '')
  assert.deepEqual(await pathsIn(repository, ours.snapshot.tree, ''), expected)
  const behind = await backup(repository, { ...options, targets: ['link/data'] })
  assert.deepEqual(await pathsIn(repository, behind.snapshot.tree, ''), ['link', 'link/data', 'link/data/x'])
  await assert.rejects(backup(repository, { ...options, targets: ['a file/x'] }), RepositoryProblem)
})

async function loaded(repository: Repository): Promise<Repository> {
  await repository.loadIndex()
  return repository
}

test('a large file is stored by all threads, and comes back whole', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { large: noise(40_000_001, 'large'), zeros: new Uint8Array(20_000_000) })
  const repository = await world.init()
  const result = await backup(repository, { targets: [folder] })
  assert.equal(result.summary.total_bytes_processed, 60_000_001)
  await runRestic(world.place, ['backup', '--force', folder])
  const restic = await latestSnapshot(repository)
  assert.equal(restic.snapshot.summary?.data_blobs, 0)
})

test('a stream is backed up as one file, and a command that fails saves nothing', async () => {
  await using world = await engineWorld()
  const repository = await world.init()
  const content = noise(3_000_000, 'stream')
  const pieces = Readable.from([
    content.subarray(0, 10),
    content.subarray(10, 2_500_000),
    content.subarray(2_500_000),
  ])
  const result = await backup(repository, {
    targets: [],
    stream: { fileName: 'dump/all.sql', content: pieces },
  })
  assert.deepEqual(result.snapshot.paths, ['/dump/all.sql'])
  const { stdout } = await runRestic(world.place, ['dump', 'latest', '/dump/all.sql'])
  assert.ok(stdout.length > 0)
  const target = `${world.folder}/out`
  await restore(repository, { snapshotId: result.snapshotId ?? '', target, verify: true })

  const command = (script: string) => ({ fileName: 'x', content: commandOutput(['sh', '-c', script]) })
  await backup(repository, { targets: [], stream: command('printf hello') })
  await assert.rejects(
    backup(repository, { targets: [], stream: command('printf half; exit 3') }),
    (error) => error instanceof RepositoryProblem && error.code === 'source-command-failed',
  )
  assert.equal((await Array.fromAsync(repository.snapshots())).length, 2)
})

test('a dry run says what it would do, and writes nothing', async () => {
  await using world = await engineWorld()
  await source(world, { a: noise(2_000_000, 'dry'), b: 'b' })
  const repository = await world.init()
  // Relative, because the folders above change while other tests run.
  const options = { targets: ['source'], workingFolder: world.folder }
  const dry = await backup(repository, { ...options, dryRun: true })
  assert.equal(dry.snapshotId, undefined)
  for (const type of ['data', 'index', 'snapshots', 'locks'] as const) {
    assert.deepEqual(await Array.fromAsync(repository.store.list(type)), [])
  }
  const real = await backup(await world.open(), options)
  assert.equal(real.summary.data_blobs, dry.summary.data_blobs)
  assert.equal(real.summary.data_added, dry.summary.data_added)
})

test('a run that is ended from outside keeps what it has stored for the next one', async () => {
  await using world = await engineWorld()
  const folder = await source(
    world,
    Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`${i % 10}/${i}`, noise(1_000_000, `end-${i}`)]),
    ),
  )
  const repository = await world.init()
  const ending = new AbortController()
  const ended = backup(repository, {
    targets: [folder],
    packBytes: 4_000_000,
    signal: ending.signal,
    onProgress: ({ storedBytes }) => storedBytes > 8_000_000 && ending.abort(new Error('enough')),
  })
  await assert.rejects(ended, /enough/)
  assert.deepEqual(await Array.fromAsync(repository.store.list('locks')), [])
  const next = await backup(await world.open(), { targets: [folder] })
  assert.ok(next.summary.data_added < 55_000_000, `${next.summary.data_added} bytes were stored again`)
  await runRestic(world.place, ['check', '--read-data'])
})

test('a run that is killed leaves a clean repository, and the next one goes on from there', async () => {
  await using world = await engineWorld()
  const folder = await source(
    world,
    Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}`, noise(2_000_000, `kill-${i}`)])),
  )
  await world.init()
  const program = `${world.folder}/killed-run.ts`
  await writeFile(program, killedRun)
  const child = spawn(process.execPath, [program, world.place, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const notices: string[] = []
  const next = await backup(await world.open(), {
    targets: [folder],
    onNotice: (notice) => notices.push(notice),
  })
  assert.match(notices.join(), /stale lock/)
  assert.match(notices.join(), /took over [1-9]\d* packs/)
  assert.ok(next.summary.data_added < 80_000_000, `${next.summary.data_added} bytes were stored again`)
  await runRestic(world.place, ['check', '--read-data'])
})

/** Says so when the first packs are stored, and goes on. */
const killedRun = `
  import { LocalStore } from '${import.meta.resolve('@granary/object-store')}'
  import { backup, nodePrimitives, Repository } from '${import.meta.resolve('../../index.ts')}'
  const [place, folder] = process.argv.slice(2)
  const repository = await Repository.open(new LocalStore(place), {
    password: ${JSON.stringify(repositoryPassword)},
    primitives: nodePrimitives,
  })
  const stored = () => Array.fromAsync(repository.store.list('data'))
  const watch = setInterval(async () => (await stored()).length > 2 && console.log('stored'), 5)
  try {
    await backup(repository, { targets: [folder], packBytes: 4_000_000 })
  } finally {
    clearInterval(watch)
  }
`

test('locks keep exclusive runs and backups apart, with stock restic too', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { a: 'a' })
  const repository = await world.init()
  {
    await using exclusive = await lockRepository(repository, { exclusive: true })
    assert.ok(!exclusive.lost.aborted)
    await assert.rejects(
      backup(repository, { targets: [folder] }),
      (error) =>
        error instanceof RepositoryProblem && error.code === 'repository-locked' && error.exitCode === 11,
    )
    await assert.rejects(runRestic(world.place, ['backup', folder]), /locked/)
  }
  {
    await using _shared = await lockRepository(repository, { exclusive: false })
    await backup(repository, { targets: [folder] })
    await runRestic(world.place, ['backup', folder])
    await assert.rejects(runRestic(world.place, ['prune']), /locked/)
  }
  await runRestic(world.place, ['prune'])
})

test('a run that slept for longer than its lock holds saves no snapshot', async (t) => {
  await using world = await engineWorld()
  const repository = await world.init()
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  async function* content() {
    yield Buffer.from('before the lid was closed')
    t.mock.timers.tick(31 * 60_000)
    yield Buffer.from('and after it was opened')
  }
  const stream = { fileName: '/stream', content: content() }
  await assert.rejects(backup(repository, { targets: [], stream }), /lock was not refreshed in time/)
  assert.deepEqual(await Array.fromAsync(repository.snapshots()), [])
})

test('who waits for a lock can be told not to', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { a: 'a' })
  const repository = await world.init()
  await using _exclusive = await lockRepository(repository, { exclusive: true })
  const ending = new AbortController()
  const waiting = backup(repository, { targets: [folder], lockWaitMs: 3_600_000, signal: ending.signal })
  setTimeout(() => ending.abort(new Error('enough')), 50)
  await assert.rejects(waiting, /enough/)
})

test('a lock that was cut off before its first byte locks nobody out, as with restic', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { a: 'a' })
  const repository = await world.init()
  await writeFile(`${world.place}/locks/${'ab'.repeat(32)}`, '')
  await backup(repository, { targets: [folder] })
  await using exclusive = await lockRepository(repository, { exclusive: true })
  assert.ok(!exclusive.lost.aborted)
  await exclusive[Symbol.asyncDispose]()
  await runRestic(world.place, ['prune'])
})

test('the lock of a process that has died on this machine is cleared away with a notice', async () => {
  await using world = await engineWorld()
  const folder = await source(world, { a: 'a' })
  const repository = await world.init()
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'close')
  const owner = { ...thisProcess(), pid: dead.pid ?? 0 }
  await lockRepository(repository, { exclusive: true, owner })
  const notices: string[] = []
  await backup(repository, { targets: [folder], onNotice: (notice) => notices.push(notice) })
  assert.match(notices[0] ?? '', new RegExp(`stale lock of process ${dead.pid}`))
  assert.deepEqual(await Array.fromAsync(new LocalStore(world.place).list('locks')), [])
})
