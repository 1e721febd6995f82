import assert from 'node:assert/strict'
import { lstat, mkdir, readlink, stat, utimes, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { runProgram, runRestic } from '@granary/testing'
import type { TreeNode } from '../../format/tree.ts'
import { engineWorld } from '../../test-world/engine-world.ts'
import { fillRichTree } from '../../test-world/rich-tree.ts'
import { runCli } from '../../test-world/run-cli.ts'
import { backup } from '../backup/backup.ts'
import { zipOf } from './zip-archive.ts'

/** What an archive says of its entries, as Python reads it, and whether their content is right. */
const listing = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps([[entry.orig_filename, entry.external_attr, entry.date_time, entry.file_size, entry.CRC, entry.flag_bits & 0x800,
    entry.create_system, entry.extra.hex() if entry.file_size < 2 ** 32 else ''] for entry in archive.infolist()]))
`
type Entry = [name: string, attributes: number, date: number[], size: number, ...rest: unknown[]]

async function list(file: string): Promise<Entry[]> {
  return JSON.parse((await runProgram('python3', ['-c', listing, file])).stdout)
}

test('a folder is dumped as a zip archive that holds what that of restic holds', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(source)
  await fillRichTree(source, 'zip', { linkToBytes: true })
  await mkdir(`${source}/ümläut`)
  await writeFile(`${source}/ümläut/empty`, '')
  await writeFile(`${source}/later`, 'after 2038')
  await utimes(`${source}/later`, 2_500_000_000, 2_500_000_000)
  await backup(await world.init(), { targets: ['.'], workingFolder: source })
  const [ours, theirs] = [`${world.folder}/ours.zip`, `${world.folder}/theirs.zip`]
  for (const wanted of ['/', '/special']) {
    const dump = (target: string) => ['dump', '--archive', 'zip', '--target', target, 'latest', wanted]
    const { exitCode, stderr } = await runCli(world.place, dump(ours))
    assert.equal(exitCode, 0, stderr)
    await runRestic(world.place, dump(theirs))
    // Of devices and pipes, restic's has those alone that lie in the folder itself.
    const isPlain = ([name]: Entry) => !/(?:block|fifo|null)$/.test(name)
    const expected = (await list(theirs)).filter(isPlain)
    const found = (await list(ours)).filter(isPlain)
    assert.ok(expected.length > 5)
    assert.deepEqual(found.map(withoutTimes), expected.map(withoutTimes))
    for (const [index, [name, , date, , ...rest]] of expected.entries()) {
      // restic lets the years from 1980 on begin again, and stores more seconds than fit.
      const isFar = name.endsWith('old') || name === 'later'
      if (!isFar) assert.deepEqual([found[index]?.[2], found[index]?.slice(4)], [date, rest], name)
    }
    await runProgram('unzip', ['-tqq', ours])
  }

  await runCli(world.place, ['dump', '-a', 'zip', '-t', ours, 'latest', '/'])
  const unpacked = `${world.folder}/unpacked`
  await runProgram('unzip', [
    '-qq',
    ours,
    '-d',
    unpacked,
    '-x',
    '*bytes-*',
    'special/null',
    'special/block',
    'special/fifo',
    '*quot*',
    '*a\\\\*',
  ])
  for (const name of ['photo.raw', 'script.sh', 'special/setuid', 'later', 'ümläut/empty']) {
    const [a, b] = [await stat(`${source}/${name}`), await stat(`${unpacked}/${name}`)]
    assert.equal(b.mode & 0o777, a.mode & 0o777, name)
    assert.equal(Math.floor(b.mtimeMs / 2000), Math.floor(a.mtimeMs / 2000), name)
    await runProgram('cmp', [`${source}/${name}`, `${unpacked}/${name}`])
  }
  assert.ok((await lstat(`${unpacked}/special/link to bytes`)).isSymbolicLink())
  const target = await readlink(`${unpacked}/special/link to bytes`, { encoding: 'buffer' })
  assert.deepEqual(target, await readlink(`${source}/special/link to bytes`, { encoding: 'buffer' }))

  assert.equal((await runCli(world.place, ['dump', '-a', 'zip', 'latest', '/later'])).stdout, 'after 2038')
  assert.equal((await runCli(world.place, ['dump', '--archive', 'rar', 'latest', '/'])).exitCode, 1)
})

function withoutTimes([name, attributes, , size, crc]: Entry) {
  return [name, attributes, size, crc]
}

test('a zip archive holds more than 65535 entries', async () => {
  await using world = await engineWorld()
  const file = `${world.folder}/many.zip`
  const common = { mode: 0o644, mtime: '2024-05-06T07:08:09+02:00', atime: '', ctime: '', uid: 0, gid: 0 }
  const entries = Array.from({ length: 66_000 }, (_, number) => {
    const node: TreeNode = { ...common, name: `${number}`, type: 'file', size: 0, content: [] }
    return { path: `/${number}`, node }
  })
  await writeFile(
    file,
    zipOf(Readable.from(entries), () => Readable.from([])),
  )
  const found = await list(file)
  assert.equal(found.length, 66_000)
  assert.deepEqual(found[65_999]?.slice(0, 3), ['65999', 0o100644 * 65_536, [2024, 5, 6, 7, 8, 8]])
})
