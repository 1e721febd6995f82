import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { CustomerDetails } from '@granary/contract'
import { describeTree, fillSampleTree, noise, temporaryFolder } from '../src/sample-tree.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

const combinations = [
  { version: '0.14.0', database: 'sqlite' },
  { version: '0.14.0', database: 'postgres' },
  { version: '0.19.1', database: 'sqlite' },
  { version: '0.19.1', database: 'postgres' },
] as const

for (const { version, database } of combinations) {
  test(`stock restic ${version} backs up, restores, checks and prunes (${database})`, async () => {
    await using world = await startWorld({ database })
    await using files = await temporaryFolder('files')
    await using target = await temporaryFolder('restored')
    const customer = await world.customer()
    const client = await world.client(customer)
    const restic = (...args: string[]) => world.restic(client, args, { version, cwd: files.path })
    const restored = (snapshot: string) => path.join(target.path, snapshot)

    await fillSampleTree(files.path, 'a machine')
    const firstState = await describeTree(files.path)
    await restic('init')
    await restic('backup', '.')
    const afterFirst = await assertUsedSpaceIsExact(world, customer)
    assert.ok(afterFirst > 6_000_000, `${afterFirst} bytes hold what can't be compressed`)

    await writeFile(path.join(files.path, 'many', 'note 7.txt'), 'changed')
    await writeFile(path.join(files.path, 'new'), noise(2_000_000, 'new'))
    await rm(path.join(files.path, 'photo.raw'))
    const secondState = await describeTree(files.path)
    await restic('backup', '.')
    const afterSecond = await assertUsedSpaceIsExact(world, customer)
    const added = afterSecond - afterFirst
    assert.ok(added > 2_000_000 && added < 2_500_000, `the second backup added ${added} bytes`)

    const snapshots: { id: string }[] = JSON.parse((await restic('snapshots', '--json')).stdout)
    assert.equal(snapshots.length, 2)
    const [first, second] = snapshots.map((snapshot) => snapshot.id)
    assert.ok(first && second)
    await restic('restore', first, '--target', restored('first'))
    await restic('restore', second, '--target', restored('second'))
    assert.deepEqual(await describeTree(restored('first')), firstState)
    assert.deepEqual(await describeTree(restored('second')), secondState)
    await restic('check', '--read-data')

    await restic('forget', '--keep-last', '1', '--prune', '--max-unused', '0')
    const afterPrune = await assertUsedSpaceIsExact(world, customer)
    const freed = afterSecond - afterPrune
    assert.ok(freed > 6_000_000, `pruning freed ${freed} bytes`)
    await restic('check', '--read-data')
    assert.deepEqual((await world.vaultOnDisk(client)).strays, [])
    await within(5000, async () => assert.deepEqual(await world.incomingFiles(), []))
  })
}

/** What the API says of a customer is what its vaults hold on the disk. */
async function assertUsedSpaceIsExact(world: World, customer: CustomerDetails): Promise<number> {
  const { space } = await world.api<CustomerDetails>('GET', `/api/v1/customers/${customer.id}`)
  // Small objects get their files a moment after they are acknowledged.
  await within(5000, async () => assert.equal(await world.usedBytesOnDisk(), space.usedBytes))
  return space.usedBytes
}
