import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { test } from 'node:test'
import { runRestic } from '@granary/testing'
import { engineWorld, latestSnapshot } from '../test-world/engine-world.ts'
import { describeRichTree, fillRichTree } from '../test-world/rich-tree.ts'
import { backup } from './backup/backup.ts'
import { findSubtree } from './find-subtree.ts'
import { restore } from './restore/restore.ts'

const versions = ['0.14.0', '0.19.1'] as const

for (const version of versions) {
  test(`what we back up, restic ${version} checks, restores, and finds nothing to add to`, async () => {
    await using world = await engineWorld()
    const source = `${world.folder}/source`
    await mkdir(source)
    await fillRichTree(source, version, { linkToBytes: version !== '0.14.0' })
    const result = await backup(await world.init(), { targets: [source] })
    assert.deepEqual(result.failures, [])

    await runRestic(world.place, ['check', '--read-data'], { version })
    const target = `${world.folder}/restored`
    await runRestic(world.place, ['restore', 'latest', '--target', target, '--verify'], { version })
    assert.deepEqual(await describeRichTree(target + source), await describeRichTree(source))

    const { stdout } = await runRestic(world.place, ['backup', '--force', '--json', source], { version })
    const theirs = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    assert.equal(theirs.data_blobs, 0)
    const repository = await world.open()
    await repository.loadIndex()
    // The folders above the source change while tests run.
    const latest = await latestSnapshot(repository)
    assert.equal(
      await findSubtree(repository, latest.snapshot.tree, source),
      await findSubtree(repository, result.snapshot.tree, source),
    )
  })

  test(`what restic ${version} backs up, we restore, and find nothing to add to`, async () => {
    await using world = await engineWorld()
    const source = `${world.folder}/source`
    await mkdir(source)
    await fillRichTree(source, version, { linkToBytes: version !== '0.14.0' })
    // Repositories that restic has made are the golden ones; a password that it makes dear takes long to try.
    await world.init()
    await runRestic(world.place, ['backup', source], { version })

    const repository = await world.open()
    const { id, snapshot } = await latestSnapshot(repository)
    const target = `${world.folder}/restored`
    const restored = await restore(repository, { snapshotId: id, target, verify: true })
    assert.deepEqual(restored.failures, [])
    assert.deepEqual(await describeRichTree(target + source), await describeRichTree(source))

    const result = await backup(repository, { targets: [source], force: true })
    assert.equal(result.summary.data_blobs, 0)
    assert.equal(
      await findSubtree(repository, result.snapshot.tree, source),
      await findSubtree(repository, snapshot.tree, source),
    )
    // With restic's snapshot as parent, nothing is even read.
    const again = await backup(repository, { targets: [source] })
    assert.equal(again.summary.files_changed + again.summary.files_new, 0)
  })

  test(`a repository that both have written to is one that restic ${version} prunes and checks`, async () => {
    await using world = await engineWorld()
    const source = `${world.folder}/source`
    await mkdir(source)
    await fillRichTree(source, 'first')
    await backup(await world.init(), { targets: [source] })
    await fillRichTree(await emptied(source), 'second')
    await runRestic(world.place, ['backup', source], { version })
    await fillRichTree(await emptied(source), 'third')
    const third = await backup(await world.open(), { targets: [source] })
    await runRestic(world.place, ['forget', '--keep-last', '1', '--prune'], { version })
    await runRestic(world.place, ['check', '--read-data'], { version })
    const target = `${world.folder}/restored`
    const repository = await world.open()
    const restored = await restore(repository, { snapshotId: third.snapshotId ?? '', target })
    assert.deepEqual(restored.failures, [])
    assert.deepEqual(await describeRichTree(target + source), await describeRichTree(source))
  })
}

test('a repository of version 1 is read and written, by restic 0.14 and by us', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(source)
  await fillRichTree(source, 'old')
  const version = '0.14.0'
  await world.init(1)
  await runRestic(world.place, ['backup', source], { version })
  const repository = await world.open()
  const ours = await backup(repository, { targets: [source], force: true })
  assert.equal(ours.summary.data_blobs, 0)
  const target = `${world.folder}/restored`
  await restore(repository, { snapshotId: ours.snapshotId ?? '', target })
  assert.deepEqual(await describeRichTree(target + source), await describeRichTree(source))
  await runRestic(world.place, ['check', '--read-data'], { version })
})

async function emptied(folder: string): Promise<string> {
  await rm(folder, { recursive: true })
  await mkdir(folder)
  return folder
}
