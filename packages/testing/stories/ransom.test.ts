import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import type { Client, ClientWithSecret, CustomerDetails, Deletion, List, Undeletion } from '@granary/contract'
import { sampleObject } from '../src/sample-object.ts'
import { describeTree, fillSampleTree, temporaryFolder } from '../src/sample-tree.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

for (const database of ['sqlite', 'postgres'] as const) {
  test(`a thief prunes, floods and forges; the vault goes back to the moment before (${database})`, async () => {
    await using world = await startWorld({ workers: 1, database })
    await using files = await temporaryFolder('files')
    await using target = await temporaryFolder('restored')
    const client = await world.client(await world.customer())
    await fillSampleTree(files.path, 'a machine')
    const tree = await describeTree(files.path)
    const restic = (who: ClientWithSecret, ...args: string[]) => world.restic(who, args, { cwd: files.path })
    await restic(client, 'init')
    for (let day = 1; day <= 3; day += 1) await restic(client, 'backup', '.', '--tag', `day ${day}`)
    const snapshots = await snapshotIds(world, client)
    const before = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
    const moment = Date.now()

    await plunder(world, client, files.path)
    assert.ok((await world.vaultOnDisk(client)).files.length > 0)

    const fresh = await world.api<ClientWithSecret>('POST', `/api/v1/clients/${client.id}/reset-credentials`)
    const ask = { moment, added: 'remove' }
    const asked = await world.api<Undeletion>('POST', `/api/v1/clients/${client.id}/put-back`, ask)
    const done = await untilFinished(world, asked)
    assert.equal(done.step, 'done')
    assert.equal(done.damagedObjects, 0)
    assert.equal(done.verifiedObjects, done.restoredObjects)

    assert.deepEqual(await snapshotIds(world, fresh), snapshots)
    await restic(fresh, 'check', '--read-data')
    await restic(fresh, 'restore', snapshots[0] ?? '', '--target', path.join(target.path, 'first'))
    assert.deepEqual(await describeTree(path.join(target.path, 'first')), tree)
    const after = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
    assert.equal(after.space.usedBytes, before.space.usedBytes)
    await within(5000, async () => assert.equal(await world.usedBytesOnDisk(client), after.space.usedBytes))
    await restic(fresh, 'backup', '.')
    await restic(fresh, 'forget', '--keep-last', '1', '--prune')
    await restic(fresh, 'check', '--read-data')
  })
}

test('a customer that was deleted comes back whole: versions, credentials, limits and history', async () => {
  await using world = await startWorld({ workers: 1 })
  await using files = await temporaryFolder('files')
  await using target = await temporaryFolder('restored')
  const customer = await world.customer({ space: { allottedBytes: 100_000_000 } })
  const client = await world.client(customer, { appendOnly: true })
  await fillSampleTree(files.path, 'a machine')
  const restic = (...args: string[]) => world.restic(client, args, { cwd: files.path })
  await restic('init')
  await restic('backup', '.')
  await restic('backup', '.', '--tag', 'second')
  const snapshots = await snapshotIds(world, client)
  const read = () =>
    Promise.all([
      world.api<CustomerDetails>('GET', `/api/v1/customers/${customer.id}`),
      world.api<List<Client>>('GET', `/api/v1/customers/${customer.id}/clients`),
    ])
  const before = await read()
  await world.api('DELETE', `/api/v1/customers/${customer.id}?contents=delete`)
  await assert.rejects(restic('snapshots'))
  const { items } = await world.api<List<Deletion>>('GET', `/api/v1/deletions?customer=${customer.id}`)
  const [line] = items
  assert.deepEqual([line?.kind, line?.state, line?.versions, line?.clients], ['customer', 'in-trash', 2, 1])
  const asked = await world.api<Undeletion>('POST', `/api/v1/deletions/${line?.id}/undelete`, {})
  assert.equal((await untilFinished(world, asked)).step, 'done')
  assert.deepEqual(await read(), before)
  assert.deepEqual(await snapshotIds(world, client), snapshots)
  await restic('check', '--read-data')
  await restic('restore', 'latest', '--target', target.path)
  assert.deepEqual(await describeTree(target.path), await describeTree(files.path))
  await restic('backup', '.')
})

/** What a stolen credential can do, with the repository's password and without it. */
async function plunder(world: World, client: ClientWithSecret, folder: string): Promise<void> {
  const restic = (...args: string[]) => world.restic(client, args, { cwd: folder })
  await restic('backup', '.', '--time', '2099-01-01 00:00:00', '--tag', 'from the future')
  await restic('backup', '.', '--time', '1999-01-01 00:00:00', '--tag', 'from the past')
  await restic('forget', '--keep-last', '1', '--prune', '--group-by', '')
  for (let i = 0; i < 300; i += 1) {
    const flood = sampleObject(200, `flood ${i}`)
    const place = flood.place.replace('data/', 'snapshots/')
    assert.equal((await world.vault(client, place, { method: 'POST', body: flood.content })).status, 200)
  }
  for (const type of ['index', 'data', 'keys']) {
    const listed = await world.vault(client, `${type}/`, { method: 'GET' })
    for (const name of JSON.parse(listed.body.toString()) as string[])
      assert.equal((await world.vault(client, `${type}/${name}`, { method: 'DELETE' })).status, 200)
  }
  assert.equal((await world.vault(client, 'config', { method: 'DELETE' })).status, 200)
  const foreign = { method: 'POST', body: Buffer.from('a config of somebody else’s') }
  assert.equal((await world.vault(client, 'config', foreign)).status, 200)
}

async function snapshotIds(world: World, client: ClientWithSecret): Promise<string[]> {
  const { stdout } = await world.restic(client, ['snapshots', '--json'])
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id).sort()
}

async function untilFinished(world: World, { id }: Undeletion): Promise<Undeletion> {
  let found: Undeletion | undefined
  await within(30_000, async () => {
    found = await world.api<Undeletion>('GET', `/api/v1/undeletions/${id}`)
    assert.notEqual(found.finishedAt, null)
  })
  assert.ok(found)
  return found
}
