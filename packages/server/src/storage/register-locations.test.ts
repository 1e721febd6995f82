import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { CustomerDetails, ResellerDetails, ServerSettings } from '@granary/contract'
import pino from 'pino'
import { loadServerKey } from '../platform/server-key.ts'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase, type TestPlace } from '../test-world/on-each-database.ts'
import { openStorage, registerLocations } from './storage.ts'
import { StorageLocationError } from './storage-location-error.ts'

/** Starts the server's storage with locations, as often as asked. */
async function storageOf(place: TestPlace) {
  const serverKey = await loadServerKey(place.database, { dataFolder: place.dataFolder, secret: undefined })
  const folder = (name: string) => path.join(place.dataFolder, 'disks', name)
  const configOf = (names: Record<string, string>) => ({
    dataFolder: place.dataFolder,
    storageLocations: Object.entries(names).map(([name, disk]) => ({ name, folder: folder(disk) })),
  })
  for (const disk of ['big', 'nvme']) await mkdir(folder(disk), { recursive: true })
  const parts = (database = place.database) => ({
    ...{ database, serverKey },
    clock: { now: () => Date.now() },
    log: pino({ level: 'silent' }),
  })
  /** Opens and closes it. @returns the names of its locations */
  const open = async (names: Record<string, string>) => {
    const { store, locations } = await openStorage(configOf(names), parts(), 'test')
    await store.close()
    return locations.map(({ name }) => name)
  }
  return {
    folder,
    open,
    register: (names: Record<string, string>, database = place.database) =>
      registerLocations(configOf(names), parts(database)),
    async start(names: Record<string, string>) {
      await registerLocations(configOf(names), parts())
      return open(names)
    },
    async refused(names: Record<string, string>, says: RegExp) {
      const saysWhatToDo = (error: unknown) =>
        error instanceof StorageLocationError && says.test(error.message)
      await assert.rejects(
        registerLocations(configOf(names), parts()).then(() => open(names)),
        saysWhatToDo,
      )
    },
    markerOf: (disk: string) =>
      JSON.parse(readFileSync(path.join(folder(disk), 'granary-location.json'), 'utf8')),
  }
}

onEachDatabase('a location is taken up once, and found again wherever its disk is', async (place) => {
  const storage = await storageOf(place)
  assert.deepEqual(await storage.start({ archive: 'big', fast: 'nvme' }), ['default', 'archive', 'fast'])
  const marker = storage.markerOf('big')
  assert.equal(marker.name, 'archive')
  assert.deepEqual(await storage.start({ archive: 'big', fast: 'nvme' }), ['default', 'archive', 'fast'])
  assert.deepEqual(storage.markerOf('big'), marker)
  await rename(storage.folder('big'), storage.folder('bigger'))
  assert.deepEqual(await storage.start({ archive: 'bigger', fast: 'nvme' }), ['default', 'archive', 'fast'])
  const rows = await place.database.queries
    .selectFrom('storage_locations')
    .selectAll()
    .orderBy('name')
    .execute()
  assert.deepEqual(
    rows.map((row) => [row.name, row.folder]),
    [
      ['archive', storage.folder('bigger')],
      ['fast', storage.folder('nvme')],
    ],
  )
})

onEachDatabase('two servers that start at once take up the same location', async (place) => {
  const storage = await storageOf(place)
  const another = await place.openAnother()
  await Promise.all([storage.register({ archive: 'big' }), storage.register({ archive: 'big' }, another)])
  assert.deepEqual(await storage.open({ archive: 'big' }), ['default', 'archive'])
})

onEachDatabase(
  'a disk that is not mounted, or is another one, is never taken for the location',
  async (place) => {
    const storage = await storageOf(place)
    await storage.start({ archive: 'big', fast: 'nvme' })
    const both = { archive: 'big', fast: 'nvme' }
    await rename(storage.folder('big'), storage.folder('unmounted'))
    await storage.refused(both, /archive is not at .*big\. Mount the disk/)
    await mkdir(storage.folder('big'))
    await storage.refused(both, /archive is not at .*big\. Mount the disk/)
    assert.ok(!existsSync(path.join(storage.folder('big'), 'vaults')), 'nothing is written there')
    await rm(storage.folder('big'), { recursive: true })
    await storage.refused({ archive: 'nvme', fast: 'unmounted' }, /is marked as fast of this server/)

    await cp(storage.folder('unmounted'), storage.folder('big'), { recursive: true })
    const file = path.join(storage.folder('big'), 'granary-location.json')
    const marker = storage.markerOf('big')
    await writeFile(file, JSON.stringify({ ...marker, id: 'loc_older' }))
    await storage.refused(both, /an earlier one of the same name/)
    await writeFile(file, JSON.stringify({ ...marker, server: 'other' }))
    await storage.refused(both, /is marked as archive of another server/)
    await writeFile(file, JSON.stringify(marker))
    assert.deepEqual(await storage.start(both), ['default', 'archive', 'fast'])
  },
)

onEachDatabase('only an empty folder that is there becomes a location', async (place) => {
  const storage = await storageOf(place)
  await storage.refused({ archive: 'none' }, /archive can’t be used \(ENOENT\)\. Make an empty folder/)
  await writeFile(storage.folder('file'), '')
  await storage.refused({ archive: 'file' }, /archive can’t be used \(ENOTDIR\)/)
  await writeFile(path.join(storage.folder('big'), 'photo.jpg'), '')
  await storage.refused({ archive: 'big' }, /archive is not empty/)
  await rm(path.join(storage.folder('big'), 'photo.jpg'))
  await storage.start({ archive: 'big' })
  await mkdir(path.join(storage.folder('nvme'), 'lost+found'))
  await symlink(storage.folder('big'), storage.folder('link'))
  await storage.refused({ archive: 'big', fast: 'link' }, /link should be the storage location fast/)
  await mkdir(path.join(storage.folder('big'), 'deep'))
  await rm(storage.folder('link'))
  await symlink(path.join(storage.folder('big'), 'deep'), storage.folder('link'))
  await storage.refused({ archive: 'big', fast: 'link' }, /lie inside each other/)
})

onEachDatabase('a location that vaults use can not be given up before they are purged', async (place) => {
  const storage = await storageOf(place)
  const storageLocations = [{ name: 'archive', folder: storage.folder('big') }]
  let id = ''
  {
    await using world = await startApiWorld(place, { storageLocations })
    const customer = await world.customer({ name: 'Bakery', storageLocation: 'archive' })
    id = (await world.client(customer, { clientId: 'web01' })).id
    await world.send('DELETE', `/api/v1/clients/${id}`)
  }
  const addAgain = /A vault lies in the storage location archive.*Add archive=.*big to it again/
  await storage.refused({}, addAgain)
  await storage.refused({ fast: 'nvme' }, addAgain)
  await assert.rejects(storage.open({}), addAgain, 'nor does a command leave it out')
  await place.database.queries.deleteFrom('storage_locations').execute()
  await storage.refused({}, /Add archive=/)
  await storage.start({ archive: 'big' })
  await place.database.queries.updateTable('clients').set({ purged_at: 1 }).where('id', '=', id).execute()
  assert.deepEqual(await storage.start({}), ['default'])
})

onEachDatabase('a location that no vault uses is given up by leaving it out', async (place) => {
  const storage = await storageOf(place)
  const both = [
    { name: 'archive', folder: storage.folder('big') },
    { name: 'fast', folder: storage.folder('nvme') },
  ]
  let [reseller, customer] = ['', '']
  {
    await using world = await startApiWorld(place, { storageLocations: both })
    reseller = (await world.reseller({ name: 'Northwind', storageLocation: 'archive' })).id
    customer = (await world.customer({ name: 'Bakery', storageLocation: 'archive' })).id
    await world.customer({ name: 'Clinic', storageLocation: 'fast' })
    await world.send('PATCH', '/api/v1/settings', { storageLocation: 'archive' })
  }
  await using world = await startApiWorld(place, { storageLocations: both.slice(1) })
  const { storageLocation } = await world.get<ServerSettings>('/api/v1/settings')
  assert.equal(storageLocation, 'default')
  const ofReseller = await world.get<ResellerDetails>(`/api/v1/resellers/${reseller}`)
  const ofCustomer = await world.get<CustomerDetails>(`/api/v1/customers/${customer}`)
  for (const shown of [ofReseller, ofCustomer])
    assert.deepEqual([shown.storageLocation, shown.effectiveStorageLocation], [null, 'default'])
  const kept = await world.get<{ items: { name: string }[] }>('/api/v1/customers?search=Clinic')
  assert.equal(kept.items.length, 1)
  await world.refused('invalid-request', 'PATCH', `/api/v1/customers/${customer}`, {
    body: { storageLocation: 'archive' },
  })
  assert.deepEqual(await storage.start({ archive: 'big', fast: 'nvme' }), ['default', 'archive', 'fast'])
})

onEachDatabase('commands leave locations as they are, and reach every vault or none', async (place) => {
  const storage = await storageOf(place)
  assert.deepEqual(await storage.open({ archive: 'big' }), ['default'], 'only a start takes one up')
  assert.ok(!existsSync(path.join(storage.folder('big'), 'granary-location.json')))
  await storage.start({ archive: 'big', fast: 'nvme' })
  assert.deepEqual(await storage.open({ fast: 'nvme' }), ['default', 'fast'])
  const rows = await place.database.queries.selectFrom('storage_locations').selectAll().execute()
  assert.equal(rows.length, 2)
})
