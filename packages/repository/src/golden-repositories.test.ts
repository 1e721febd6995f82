import assert from 'node:assert/strict'
import { cp, lstat, readdir, readFile, readlink, truncate } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { LocalStore } from '@granary/object-store'
import { type ResticVersion, repositoryPassword, runRestic, temporaryFolder } from '@granary/testing'
import { encodeTree, parseTree } from './format/tree.ts'
import { backup } from './operations/backup/backup.ts'
import { check } from './operations/check/check.ts'
import { prune } from './operations/prune/prune.ts'
import { restore } from './operations/restore/restore.ts'
import { selectSnapshots } from './operations/snapshots/select-snapshots.ts'
import { nodePrimitives } from './primitives/node-primitives.ts'
import { Repository } from './repository.ts'
import { goldenFiles, goldenTags } from './test-world/golden-tree.ts'

const fixtures = path.resolve(import.meta.dirname, '../fixtures')
const readData = { kind: 'all' } as const

/** A copy of a golden repository, which may be changed. */
async function copyOf(name: string) {
  const folder = await temporaryFolder('golden')
  const place = `${folder.path}/repository`
  await cp(path.join(fixtures, name), place, { recursive: true })
  const access = { password: repositoryPassword, primitives: nodePrimitives }
  const repository = await Repository.open(new LocalStore(place), access)
  return {
    folder: folder.path,
    place,
    repository,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

const golden: readonly { name: string; version: ResticVersion; format: 1 | 2 }[] = [
  { name: 'restic-0.14.0-format-1', version: '0.14.0', format: 1 },
  { name: 'restic-0.14.0-format-2', version: '0.14.0', format: 2 },
  { name: 'restic-0.19.1-format-2', version: '0.19.1', format: 2 },
]

for (const { name, version, format } of golden) {
  test(`the golden repository ${name} is read, restored, written to and pruned`, async () => {
    await using world = await copyOf(name)
    const { repository } = world
    assert.equal(repository.config.version, format)
    assert.deepEqual((await check(repository, { readData })).findings, [])
    const snapshots = await selectSnapshots(repository)
    assert.deepEqual(
      snapshots.map(({ snapshot }) => snapshot.tags),
      goldenTags,
    )
    for (const [nth, { id, snapshot }] of snapshots.entries()) {
      // What restic wrote is what we would write.
      const tree = await repository.loadBlob('tree', snapshot.tree)
      assert.equal(nodePrimitives.sha256Hex(encodeTree(parseTree(tree))), snapshot.tree)
      const target = `${world.folder}/restored ${nth}`
      const result = await restore(repository, { snapshotId: id, subfolder: '/source', target, verify: true })
      assert.deepEqual(result.failures, [])
      await assertGolden(target, nth)
    }

    await backup(repository, { targets: ['restored 0'], workingFolder: world.folder })
    await repository.removeUnpacked('snapshots', snapshots[0]?.id ?? '')
    await prune(repository, { maxUnused: { bytes: 0 } })
    await runRestic(world.place, ['check', '--read-data'], { version })
    assert.equal((await selectSnapshots(repository)).length, 2)
  })
}

/** That a folder holds exactly what a golden snapshot does. */
async function assertGolden(folder: string, snapshot: number): Promise<void> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isFile()) found[path.relative(folder, file)] = await readFile(file, 'utf8')
  }
  assert.deepEqual(found, goldenFiles(snapshot))
  assert.equal(await readlink(`${folder}/link`), 'read me.txt')
  assert.ok((await lstat(`${folder}/empty folder`)).isDirectory())
  assert.equal((await lstat(`${folder}/empty`)).mtimeMs, (1_700_000_000 + snapshot) * 1000)
}

test('a golden repository that is broken on purpose is found to be, and named', async () => {
  for (const type of ['data', 'index', 'snapshots'] as const) {
    await using world = await copyOf('restic-0.19.1-format-2')
    const { repository } = world
    const [object] = await Array.fromAsync(repository.store.list(type))
    assert.ok(object)
    const shard = type === 'data' ? `${object.name.slice(0, 2)}/` : ''
    const file = `${world.place}/${type}/${shard}${object.name}`
    await truncate(file, object.bytes - 1)
    const { findings } = await check(repository, { readData })
    assert.ok(
      findings.some(({ message }) => message.includes(`${type}/${object.name}`)),
      JSON.stringify(findings),
    )
  }
})
