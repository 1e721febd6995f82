import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { appendFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { Client, Customer } from '@granary/contract'
import { sampleObject } from '../src/sample-object.ts'
import { fillSampleTree, temporaryFolder } from '../src/sample-tree.ts'
import { createTestDatabase } from '../src/test-database.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

for (const database of ['sqlite', 'postgres'] as const) {
  test(`a server whose database is lost is restored from its own backup, with what was stored since (${database})`, async () => {
    await using world = await startWorld({ workers: 1, database })
    await using elsewhere = await temporaryFolder('server-backups')
    await using tree = await temporaryFolder('server-restore-tree')
    const granary = async (...args: string[]) =>
      (await world.granary(args, { GRANARY_SERVER_BACKUPS: elsewhere.path })).stdout.trim()
    const client = await world.client(await world.customer())
    await fillSampleTree(path.join(tree.path, 'source'), 'restored server')
    await world.restic(client, ['init'])
    await world.restic(client, ['backup', path.join(tree.path, 'source')])
    const put = async (size: number, seed: string) => {
      const object = sampleObject(size, seed)
      const { status } = await world.vault(client, object.place, { method: 'POST', body: object.content })
      assert.equal(status, 200)
      return object
    }
    const before = [await put(300, 'small, before'), await put(40_000, 'large, before')]
    const removedLater = await put(30_000, 'removed after the backup')
    const backup = await granary('backup-server')
    assert.ok(existsSync(path.join(backup, 'backup.json')) && existsSync(path.join(backup, 'server.key')))
    const since = [await put(400, 'small, since'), await put(50_000, 'large, since')]
    await world.restic(client, ['backup', '--tag', 'since', path.join(tree.path, 'source')])
    assert.equal((await world.vault(client, removedLater.place, { method: 'DELETE' })).status, 200)

    const addedSince = await world.client(await world.customer(), { clientId: 'added-since' })
    await world.restic(addedSince, ['init'])

    await assert.rejects(granary('restore-server', backup), /Stop it first/)
    await world.stop()
    await loseDatabase(world)
    await assert.rejects(granary('restore-server', world.dataFolder), /There is no backup/)
    const [copy] = await readdir(elsewhere.path)
    const copyFolder = path.join(elsewhere.path, copy ?? '')
    const restored = await granary('restore-server', copyFolder)
    assert.match(restored, /^A vault belongs to no client[^\n]+\n {2}vaults\/\d+-added-since\n/)
    assert.match(restored, /^Restored\. \d+ differences/m)
    await world.restart()

    for (const { place, content } of [...before, ...since, removedLater])
      assert.deepEqual((await world.vault(client, place, { method: 'GET' })).body, content, place)
    const { stdout } = await world.restic(client, ['snapshots', '--json'])
    assert.equal(JSON.parse(stdout).length, 2, 'the version that was stored after the backup is there too')
    await world.restic(client, ['check', '--read-data'])
    await world.restic(client, ['backup', path.join(tree.path, 'source')])
    const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
    await within(5000, async () => assert.equal(await world.usedBytesOnDisk(client), space.usedBytes))

    const damaged = path.join(copyFolder, database === 'sqlite' ? 'granary.sqlite' : 'clients.copy.zst')
    await appendFile(damaged, 'x')
    await world.stop()
    await assert.rejects(granary('restore-server', copyFolder), /is damaged/)
    if (database === 'postgres') await assert.rejects(granary('restore-server', backup), /is not empty/)
  })
}

test('a server that moves to another PostgreSQL goes on numbering where it was', async () => {
  await using world = await startWorld({ workers: 1, database: 'postgres' })
  const customer = await world.customer()
  const first = await world.client(customer)
  const { place, content } = sampleObject(30_000, 'lost later')
  await world.vault(first, place, { method: 'POST', body: content })
  const backup = (await world.granary(['backup-server'])).stdout.trim()
  await world.stop()
  await rm(path.join(world.dataFolder, 'objects', 'vaults'), { recursive: true })
  await using other = await createTestDatabase()
  const restored = await world.granary(['restore-server', backup], { DATABASE_URL: other.url })
  assert.match(restored.stdout, /^1 objects that the backup knows of .*\nRestored\. 0 differences/m)
  await using moved = await startWorld({
    workers: 1,
    databaseUrl: other.url,
    dataDir: world.dataFolder,
  })
  const second = await moved.client(customer, { clientId: 'second' })
  const rows = await moved.query<{ vault_no: number }>('select vault_no from clients order by vault_no')
  assert.equal(rows.length, 2)
  assert.notEqual(rows[0]?.vault_no, rows[1]?.vault_no)
  const { clientCount } = await moved.api<Customer>('GET', `/api/v1/customers/${customer.id}`)
  assert.equal(clientCount, 2, 'what is counted by the database is counted once')
  assert.equal((await moved.vault(second, '?create=true', { method: 'POST' })).status, 200)
})

/** Everything that is not in the object store or the server's backups. */
async function loseDatabase(world: World): Promise<void> {
  for (const file of await readdir(world.dataFolder))
    if (/^(granary\.sqlite|server\.key)/.test(file)) await rm(path.join(world.dataFolder, file))
  if (world.databaseUrl === undefined) return
  await world.change('drop schema public cascade')
  await world.change('create schema public')
}
