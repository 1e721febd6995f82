import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { repositoryPassword, runRestic } from '@granary/testing'
import { AccountNumbers } from '../filesystem/account-names.ts'
import { cPath, nativeCalls } from '../filesystem/native-calls.ts'
import { encodeTree, type TreeNode } from '../format/tree.ts'
import { engineWorld } from '../test-world/engine-world.ts'
import { fillRichTree } from '../test-world/rich-tree.ts'
import { runCli } from '../test-world/run-cli.ts'
import { handWrittenTime as time, writeByHand } from '../test-world/write-by-hand.ts'

async function richWorld() {
  const world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(source)
  await fillRichTree(source, 'flags')
  await world.init()
  const saved = await runCli(world.place, ['backup', source])
  assert.equal(saved.exitCode, 0, saved.stderr)
  return { ...world, source }
}

test('a backup is compared with the snapshot that --group-by says, as with restic', async () => {
  await using world = await engineWorld()
  await world.init()
  const [a, b] = [`${world.folder}/a`, `${world.folder}/b`]
  for (const file of [a, b]) await writeFile(file, file)
  for (const args of [[a], ['--host', 'other', '--tag', 'x,y', a, b], ['--tag', 'x', a], ['--tag', 'y', b]])
    assert.equal((await runCli(world.place, ['backup', ...args])).exitCode, 0)
  const parentAfter = async (save: Promise<unknown>) => {
    await save
    const latest = await runCli(world.place, ['snapshots', '--json', 'latest'])
    const [{ id = '', parent } = {}] = latest.json<{ id: string; parent?: string }[]>()[0] ?? []
    await runCli(world.place, ['forget', id])
    return parent
  }
  const parents = new Set()
  for (const groupBy of [[], ['tags'], ['']]) {
    for (const rest of [[a], ['--tag', 'y,x', '--host', 'third', b]]) {
      const args = ['backup', ...groupBy.flatMap((keys) => ['--group-by', keys]), ...rest]
      const theirs = await parentAfter(runRestic(world.place, args))
      assert.equal(await parentAfter(runCli(world.place, args)), theirs, args.join(' '))
      parents.add(theirs)
      const latest = await runCli(world.place, [...args, '--parent', 'latest', '--dry-run'])
      assert.equal(latest.exitCode, theirs === undefined ? 1 : 0, latest.stderr)
    }
  }
  assert.ok(parents.size > 2)
  assert.equal((await runCli(world.place, ['backup', '--group-by', 'size', a])).exitCode, 1)
})

test('ls prints for ncdu what restic prints', async () => {
  await using world = await richWorld()
  const commands = [
    ['latest'],
    [`latest:${world.source}`],
    ['latest', world.source],
    ['latest', `${world.source}/special`, `${world.source}/many`],
    ['--recursive', 'latest', `${world.source}/Briefe & Fotos/`],
    ['latest', '/nowhere'],
  ]
  for (const command of commands) {
    const ours = await runCli(world.place, ['ls', '--ncdu', ...command])
    assert.equal(ours.exitCode, 0, ours.stderr)
    const { stdout } = await runRestic(world.place, ['--no-lock', 'ls', '--ncdu', ...command])
    assert.deepEqual(JSON.parse(ours.stdout), JSON.parse(stdout), command.join(' '))
  }
  for (const other of ['--json', '--reverse', '--sort=size'])
    assert.equal((await runCli(world.place, ['ls', '--ncdu', other, 'latest'])).exitCode, 1, other)
})

test('find says where blobs, trees and packs are, as restic says it', async () => {
  await using world = await richWorld()
  const repository = await world.open()
  await repository.loadIndex()
  const blobs = [...repository.index.entries()]
  const data = blobs.find(({ type, uncompressedBytes }) => type === 'data' && uncompressedBytes)
  // Of a tree that several folders have restic names one, and we name all.
  const empty = createHash('sha256').update(encodeTree([])).digest('hex')
  const tree = blobs.find(({ type, id }) => type === 'tree' && id !== empty)
  const commands = [
    ['--blob', data?.id ?? ''],
    ['--blob', '--show-pack-id', data?.id ?? ''],
    ['--tree', '--show-pack-id', tree?.id ?? ''],
    ['--pack', '--show-pack-id', data?.packId ?? ''],
    ['--pack', '--show-pack-id', tree?.packId ?? ''],
  ]
  for (const command of commands) {
    const ours = await runCli(world.place, ['find', ...command])
    assert.equal(ours.exitCode, 0, ours.stderr)
    const { stdout } = await runRestic(world.place, ['--no-lock', 'find', ...command])
    assert.deepEqual(ours.stdout.split('\n').toSorted(), stdout.split('\n').toSorted(), command.join(' '))
  }
  const short = await runCli(world.place, ['find', '--tree', '--show-pack-id', tree?.id.slice(0, 9) ?? ''])
  assert.match(short.stdout, new RegExp(`Object belongs to pack ${tree?.packId}`))
})

test('extended attributes are restored, and taken away, as far as restic does it', async (t) => {
  if (!nativeCalls) return t.skip('this Node has no way to them')
  const native = nativeCalls
  await using world = await engineWorld()
  await world.init()
  const [source, target] = [`${world.folder}/source`, `${world.folder}/target`]
  for (const folder of [source, target]) await mkdir(folder)
  const set = (file: string, names: readonly string[]) => {
    for (const name of names) native.setExtendedAttribute(cPath(file), name, Buffer.from(name))
  }
  await writeFile(`${source}/file`, 'content')
  set(`${source}/file`, ['user.a', 'user.bc.d', 'user.B'])
  set(source, ['user.a', 'user.bc'])
  assert.equal((await runCli(world.place, ['backup', source])).exitCode, 0)
  const restored = async (run: () => Promise<unknown>) => {
    await writeFile(`${target}/file`, 'other')
    set(`${target}/file`, ['user.extra'])
    await run()
    const found = [target, `${target}/file`].map((file) =>
      native.listExtendedAttributes(cPath(file)).toSorted(),
    )
    for (const file of [target, `${target}/file`])
      for (const name of native.listExtendedAttributes(cPath(file)))
        native.removeExtendedAttribute(cPath(file), name)
    return found
  }
  for (const flags of [
    [],
    ['--include-xattr', 'user.b*'],
    ['--include-xattr', 'user.*', '--include-xattr', '!user.a'],
    ['--exclude-xattr', 'user.b*'],
    ['--exclude-xattr', 'USER.A', '--exclude-xattr', 'user.B'],
    ['--exclude-xattr', '*'],
  ]) {
    const args = ['restore', `latest:${source}`, '--target', target, ...flags]
    const theirs = await restored(() => runRestic(world.place, args))
    const ours = await restored(() => runCli(world.place, args))
    assert.deepEqual(ours, theirs, flags.join(' '))
  }
  for (const flags of [
    ['--exclude-xattr', '['],
    ['--include-xattr', 'a', '--exclude-xattr', 'b'],
  ]) {
    const refused = await runCli(world.place, ['restore', 'latest', '--target', target, ...flags])
    assert.equal(refused.exitCode, 1, flags.join(' '))
  }
})

test('owners are found by their names, and by their numbers where there is no such name', async (t) => {
  if (process.geteuid?.() !== 0) return t.skip('only root gives files away')
  await using world = await engineWorld()
  const { save } = await writeByHand(await world.init())
  const common = { mode: 0o644, mtime: time, atime: time, ctime: time, content: [], size: 0 }
  const nodes: TreeNode[] = [
    { ...common, name: 'known', type: 'file', uid: 4321, gid: 4322, user: 'daemon', group: 'bin' },
    { ...common, name: 'unknown', type: 'file', uid: 4321, gid: 4322, user: 'nobody here', group: '' },
  ]
  await save(nodes)
  const target = `${world.folder}/out`
  const ownersOf = async (flags: readonly string[]) => {
    const run = await runCli(world.place, ['restore', 'latest', '--target', target, ...flags])
    assert.equal(run.exitCode, 0, run.stderr)
    const found = await Promise.all(['known', 'unknown'].map((name) => stat(`${target}/${name}`)))
    return found.map(({ uid, gid }) => [uid, gid])
  }
  const { daemon, bin } = {
    daemon: new AccountNumbers().user('daemon'),
    bin: new AccountNumbers().group('bin'),
  }
  assert.ok(daemon !== undefined && bin !== undefined)
  assert.deepEqual(await ownersOf(['--ownership-by-name']), [
    [daemon, bin],
    [4321, 4322],
  ])
  await runRestic(world.place, ['restore', 'latest', '--target', target, '--ownership-by-name'])
  assert.equal((await stat(`${target}/known`)).uid, daemon)
  assert.deepEqual(await ownersOf([]), [
    [4321, 4322],
    [4321, 4322],
  ])
})

test('a key of the source is tried first, and what prune no longer needs or will not do is answered', async () => {
  await using world = await engineWorld()
  await using source = await engineWorld()
  const { keyName } = await source.init()
  await world.init()
  const from = ['--from-repo', source.place, '--from-key-hint', keyName]
  const environment = {
    ...{ RESTIC_REPOSITORY: world.place, RESTIC_PASSWORD: repositoryPassword },
    RESTIC_FROM_PASSWORD: repositoryPassword,
  }
  assert.equal((await runCli('', ['copy', ...from], { environment })).exitCode, 0)
  const wrong = { ...environment, RESTIC_FROM_PASSWORD: 'another', RESTIC_FROM_KEY_HINT: 'ffff' }
  assert.equal((await runCli('', ['copy', '--from-repo', source.place], { environment: wrong })).exitCode, 12)
  const made = { ...environment, RESTIC_REPOSITORY: `${world.folder}/made` }
  const init = await runCli('', ['init', '--copy-chunker-params', ...from], { environment: made })
  assert.equal(init.exitCode, 0, init.stderr)

  assert.equal((await runCli(world.place, ['prune', '--repack-small'])).exitCode, 0)
  const recover = ['prune', '--unsafe-recover-no-free-space', (await world.open()).config.id]
  const refused = await runCli(world.place, recover)
  assert.equal(refused.exitCode, 1)
  assert.match(refused.stderr, /--max-repack-size 0/)
})

test('options of places are taken where there is such a place, and else are said to change nothing', async () => {
  await using world = await engineWorld()
  await world.init()
  const run = (option: string) => runCli(world.place, ['snapshots', '-o', option])
  for (const option of ['local.connections=3', 'REST.connections=2']) {
    const { exitCode, stderr } = await run(option)
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' }, option)
  }
  const other = await run('s3.storage-class=STANDARD_IA')
  assert.equal(other.exitCode, 0)
  assert.match(other.stderr, /^-o s3\.storage-class changes nothing/)
  for (const option of ['local.layout=x', 'local.connections=0', 'local.connections=x', '=x', 'connections'])
    assert.equal((await run(option)).exitCode, 1, option)
})
