import assert from 'node:assert/strict'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { ClientWithSecret, Deletion, List, StorageLocation, Undeletion } from '@granary/contract'
import { type GranarySettings, granaryEnvironment, startGranary } from '../src/granary-process.ts'
import { sampleObject } from '../src/sample-object.ts'
import { describeTree, fillSampleTree, temporaryFolder } from '../src/sample-tree.ts'
import { createTestDatabase } from '../src/test-database.ts'
import { runProgram } from '../src/tools/run-program.ts'
import { projectRoot } from '../src/tools/tools-folder.ts'
import { readIncomingFiles, readVaultFolder } from '../src/vault-files.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`customers on disks of their own back up, prune, undelete and restore there (${kind})`, async () => {
    await using disks = await temporaryFolder('disks')
    await using files = await temporaryFolder('files')
    await using target = await temporaryFolder('restored')
    await using postgres = kind === 'postgres' ? await createTestDatabase() : undefined
    const folders = { archive: path.join(disks.path, 'archive'), fast: path.join(disks.path, 'fast') }
    for (const folder of Object.values(folders)) await mkdir(folder)
    const storage = Object.entries(folders)
      .map(([name, folder]) => `${name}=${folder}`)
      .join(',')
    const databaseUrl = postgres && { databaseUrl: postgres.url }
    await using world = await startWorld({ workers: 2, storage, ...databaseUrl })
    const settings = { dataFolder: world.dataFolder, listen: '127.0.0.1:0', storage, ...databaseUrl }
    const names = ['archive', 'fast'] as const
    const sides = await Promise.all(
      names.map(async (name) => {
        const client = await world.client(await world.customer({ storageLocation: name }))
        return { name, folder: folders[name], client }
      }),
    )
    await fillSampleTree(files.path, 'a machine')
    const tree = await describeTree(files.path)

    await Promise.all(
      sides.map(async ({ name, client }) => {
        const restic = (...args: string[]) => world.restic(client, args, { cwd: files.path })
        await restic('init')
        await restic('backup', '.', '--tag', 'first')
        const [first = ''] = await snapshotIds(world, client)
        await world.restic(client, ['backup', '--stdin', '--tag', 'second'], { input: 'a note' })
        const snapshots = await snapshotIds(world, client)
        await restic('forget', first, '--prune')
        const restoredTo = path.join(target.path, name)
        await undeleteEverything(world, client)
        assert.deepEqual(await snapshotIds(world, client), snapshots)
        await restic('check', '--read-data')
        await restic('restore', 'latest', '--tag', 'first', '--target', restoredTo)
        assert.deepEqual(await describeTree(restoredTo), tree)
      }),
    )
    const { items } = await world.api<{ items: StorageLocation[] }>('GET', '/api/v1/storage-locations')
    for (const { name, folder, client } of sides) {
      await within(5000, async () => {
        const { bytes, strays } = await readVaultFolder(folder, client.clientId)
        assert.ok(bytes > 6_000_000 && strays.length === 0)
        assert.ok((items.find((each) => each.name === name)?.usedBytes ?? 0) >= bytes)
      })
      assert.deepEqual(await readIncomingFiles(folder), [])
      assert.equal((await world.vaultOnDisk(client)).bytes, 0, 'nothing of it lies in the data folder')
    }
    assert.match(await granary(settings, 'verify'), /objects read, 0 damaged/)
    assert.match(await granary(settings, 'reconcile'), /agree/)
    const { storage: _, ...without } = settings
    await assert.rejects(granary(without, 'reconcile', '--repair'), /which GRANARY_STORAGE does not name/)
    await world.restart()
    for (const { client } of sides) await world.restic(client, ['check', '--read-data'])
  })
}

test('a disk that goes away takes its own customers with it, and a start without it is refused', async () => {
  await using disks = await temporaryFolder('disks')
  const archive = path.join(disks.path, 'archive')
  await mkdir(archive)
  await using world = await startWorld({ workers: 1, storage: `archive=${archive}` })
  const settings = { dataFolder: world.dataFolder, listen: '127.0.0.1:0' }
  const there = await world.client(await world.customer({ storageLocation: 'archive' }))
  const here = await world.client(await world.customer())
  const object = sampleObject(50_000, 'precious')
  const put = (client: ClientWithSecret) =>
    world.vault(client, object.place, { method: 'POST', body: object.content })
  for (const client of [there, here]) assert.equal((await put(client)).status, 200)

  await rename(archive, `${archive}-unmounted`)
  await mkdir(archive)
  for (const method of ['GET', 'HEAD'] as const)
    assert.equal((await world.vault(there, object.place, { method })).status, 503)
  const other = sampleObject(60_000, 'later')
  const refused = await world.vault(there, other.place, { method: 'POST', body: other.content })
  assert.equal(JSON.parse(refused.body.toString()).code, 'storage-location-missing')
  assert.equal((await world.vault(there, '?create=true', { method: 'POST' })).status, 503)
  assert.deepEqual((await world.vault(here, object.place, { method: 'GET' })).body, object.content)
  assert.deepEqual(await readdir(archive), [], 'nothing is written below the mount point')
  await world.stop()
  await assert.rejects(world.restart(), /storage location archive is not at .*Mount the disk/)
  await assert.rejects(
    startGranary(settings),
    /A vault lies in the storage location archive, which GRANARY_STORAGE/,
  )
  await assert.rejects(granary(settings, 'verify'), /Add archive=/)

  await rm(archive, { recursive: true })
  await rename(`${archive}-unmounted`, archive)
  await world.restart()
  for (const client of [there, here])
    assert.deepEqual((await world.vault(client, object.place, { method: 'GET' })).body, object.content)
})

test('killed amid uploads to two disks, it has lost nothing it acknowledged', async () => {
  await using disks = await temporaryFolder('disks')
  const archive = path.join(disks.path, 'archive')
  await mkdir(archive)
  await using world = await startWorld({ workers: 2, storage: `archive=${archive}` })
  const clients = [
    await world.client(await world.customer({ storageLocation: 'archive' })),
    await world.client(await world.customer()),
  ]
  const acknowledged: { client: ClientWithSecret; object: ReturnType<typeof sampleObject> }[] = []
  for (let kill = 1; kill <= 5; kill += 1) {
    const sending = clients.flatMap((client) =>
      Array.from({ length: 12 }, async (_, n) => {
        const object = sampleObject(n % 2 === 0 ? 900 : 400_000, `kill ${kill} ${client.clientId} ${n}`)
        const answer = await world.vault(client, object.place, { method: 'POST', body: object.content })
        if (answer.status === 200) acknowledged.push({ client, object })
      }),
    )
    await Promise.any(sending)
    await world.killHard()
    await Promise.allSettled(sending)
    await world.restart()
    for (const { client, object } of acknowledged)
      assert.deepEqual((await world.vault(client, object.place, { method: 'GET' })).body, object.content)
    for (const folder of [archive, path.join(world.dataFolder, 'objects')])
      assert.deepEqual(await readIncomingFiles(folder), [])
  }
  const settings = { dataFolder: world.dataFolder, listen: '127.0.0.1:0', storage: `archive=${archive}` }
  assert.match(await granary(settings, 'reconcile'), /agree/)
})

async function granary(settings: GranarySettings, ...args: string[]): Promise<string> {
  const program = path.join(projectRoot, 'packages/server/bin/granary.js')
  const { stdout } = await runProgram(process.execPath, [program, ...args], {
    env: granaryEnvironment(settings),
  })
  return stdout.trim()
}

async function snapshotIds(world: World, client: ClientWithSecret): Promise<string[]> {
  const { stdout } = await world.restic(client, ['snapshots', '--json'])
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id).sort()
}

/** Brings back what a client pruned. */
async function undeleteEverything(world: World, client: ClientWithSecret): Promise<void> {
  let lines: Deletion[] = []
  await within(30_000, async () => {
    lines = (await world.api<List<Deletion>>('GET', `/api/v1/deletions?client=${client.id}`)).items
    assert.ok(lines.length > 0, 'what was pruned is grouped soon')
  })
  for (const { id } of lines) {
    const asked = await world.api<Undeletion>('POST', `/api/v1/deletions/${id}/undelete`, {})
    await within(30_000, async () => {
      const { finishedAt } = await world.api<Undeletion>('GET', `/api/v1/undeletions/${asked.id}`)
      assert.notEqual(finishedAt, null)
    })
  }
}
