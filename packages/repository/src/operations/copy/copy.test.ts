import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, test } from 'node:test'
import { describeTree, runRestic } from '@granary/testing'
import { engineWorld } from '../../test-world/engine-world.ts'
import { backUpGenerations } from '../../test-world/generations.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { restore } from '../restore/restore.ts'
import { selectSnapshots } from '../snapshots/select-snapshots.ts'
import { copySnapshots } from './copy.ts'

const pool = new WorkerPool(2)
after(() => pool[Symbol.asyncDispose]())

for (const [from, to] of [
  [2, 2],
  [1, 2],
  [2, 1],
] as const) {
  test(`snapshots are copied from version ${from} to version ${to}, once, and restore from there`, async () => {
    await using here = await engineWorld()
    await using there = await engineWorld()
    const folder = `${here.folder}/source`
    await mkdir(folder)
    const source = await here.init(from)
    await backUpGenerations(source, ['a', 'b'], { folder, pool })
    await there.init(to)
    const snapshots = await selectSnapshots(source)
    const copied = await copySnapshots(await here.open(), await there.open(), { snapshots, pool })
    assert.deepEqual(
      copied.map(({ wasThere }) => wasThere),
      [false, false],
    )

    await runRestic(there.place, ['check', '--read-data'])
    const target = `${there.folder}/restored`
    const snapshotId = copied.at(-1)?.id ?? ''
    await restore(await there.open(), { snapshotId, subfolder: folder, target, pool })
    assert.deepEqual(await describeTree(target), await describeTree(folder))

    const again = await copySnapshots(await here.open(), await there.open(), { snapshots, pool })
    assert.ok(again.every(({ wasThere }) => wasThere))
    assert.equal((await selectSnapshots(await there.open())).length, 2)
  })
}
