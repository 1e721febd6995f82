import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { runRestic } from '@granary/testing'
import { engineWorld } from '../test-world/engine-world.ts'
import { fillRichTree } from '../test-world/rich-tree.ts'
import { runCli } from '../test-world/run-cli.ts'

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
  const tree = blobs.find(({ type }) => type === 'tree')
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
