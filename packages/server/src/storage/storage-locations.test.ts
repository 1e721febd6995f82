import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import type {
  Client,
  CustomerDetails,
  ResellerDetails,
  ServerSettings,
  StorageLocation,
} from '@granary/contract'
import { CredentialHash } from '../access/access.ts'
import { admitClients } from '../clients/admit-client.ts'
import { ClientAuthentication } from '../clients/authenticate-client.ts'
import { noteAttempts } from '../clients/note-attempt.ts'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase, type TestPlace } from '../test-world/on-each-database.ts'
import { openStorage } from './storage.ts'

const settingsPath = '/api/v1/settings'
const locationsPath = '/api/v1/storage-locations'

/** A world with two locations besides the default one. */
async function startLocatedWorld(place: TestPlace) {
  const storageLocations = ['archive', 'fast'].map((name) => ({
    name,
    folder: path.join(place.dataFolder, `disk-${name}`),
  }))
  for (const { folder } of storageLocations) await mkdir(folder)
  const world = await startApiWorld(place, { storageLocations })
  const folders: Record<string, string> = {
    default: path.join(place.dataFolder, 'objects'),
    archive: path.join(place.dataFolder, 'disk-archive'),
    fast: path.join(place.dataFolder, 'disk-fast'),
  }
  return {
    world,
    folders,
    config: { dataFolder: place.dataFolder, storageLocations },
    /** Where a client's vault is found on the disks. */
    onDisk: (clientId: string) =>
      Object.keys(folders).filter((name) =>
        readdirSync(path.join(folders[name] as string, 'vaults')).some((each) =>
          each.endsWith(`-${clientId}`),
        ),
      ),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

onEachDatabase('a new vault lies where the nearest level says, and stays there', async (place) => {
  await using located = await startLocatedWorld(place)
  const { world, onDisk } = located
  const reseller = await world.reseller({ name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const lies = async (id: string) => {
    const { clientId, storageLocation } = await world.get<Client>(`/api/v1/clients/${id}`)
    return [storageLocation, ...onDisk(clientId)]
  }
  const add = async (clientId: string) => (await world.client(customer, { clientId })).id
  const ids = [await add('by-default')]
  await world.send('PATCH', settingsPath, { storageLocation: 'fast' })
  ids.push(await add('by-server'))
  await world.send('PATCH', `/api/v1/resellers/${reseller.id}`, { storageLocation: 'archive' })
  ids.push(await add('by-reseller'))
  await world.send('PATCH', `/api/v1/customers/${customer.id}`, { storageLocation: 'default' })
  ids.push(await add('by-customer'))
  const expected = ['default', 'fast', 'archive', 'default'].map((name) => [name, name])
  assert.deepEqual(await Promise.all(ids.map(lies)), expected)

  const shown = await world.get<CustomerDetails>(`/api/v1/customers/${customer.id}`)
  assert.deepEqual([shown.storageLocation, shown.effectiveStorageLocation], ['default', 'default'])
  await world.send('PATCH', `/api/v1/customers/${customer.id}`, { ...shown, storageLocation: null })
  const inherits = await world.get<CustomerDetails>(`/api/v1/customers/${customer.id}`)
  assert.deepEqual([inherits.storageLocation, inherits.effectiveStorageLocation], [null, 'archive'])
  const [first] = ids
  const elsewhere = await world.customer({ name: 'Clinic', storageLocation: 'fast' })
  await world.send('POST', `/api/v1/clients/${first}/move`, { customer: elsewhere.id })
  assert.deepEqual(
    await lies(first as string),
    ['default', 'default'],
    'a client that moves leaves its vault',
  )
})

onEachDatabase('machines that let themselves in, and those admitted, lie there too', async (place) => {
  await using located = await startLocatedWorld(place)
  const { world, onDisk } = located
  const customer = await world.customer({
    name: 'Bakery',
    autoAuthorization: true,
    storageLocation: 'archive',
  })
  const database = await place.openAnother()
  const other = await openStorage(located.config, { database, serverKey: world.serverKey }, 'door')
  const hash = new CredentialHash(world.serverKey, 'client-secrets')
  const { clock } = world
  const admit = admitClients({
    ...{ database, hash, clock, placeVault: other.placeVault },
    noteAttempt: noteAttempts({ database, clock }),
  })
  const authentication = new ClientAuthentication(database, hash, admit)
  const knock = async (clientId: string, secret: string) => {
    const header = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`
    await authentication.authenticate(customer.urlKey, clientId, header, '192.0.2.7')
  }
  await knock('self', `${customer.passKey}.a secret of its own`)
  await assert.rejects(knock('asks', 'a secret and nothing else'))
  const { items } = await world.get<{ items: { id: string }[] }>('/api/v1/waiting-room')
  const admitted = await world.send<Client>('POST', `/api/v1/waiting-room/${items[0]?.id}/admit`, {
    kind: 'server',
  })
  assert.equal(admitted.storageLocation, 'archive')
  assert.deepEqual([onDisk('self'), onDisk('asks')], [['archive'], ['archive']])
  await other.store.close()
})

onEachDatabase('only the server’s administrators choose, and nobody below sees the disks', async (place) => {
  await using located = await startLocatedWorld(place)
  const { world } = located
  const reseller = await world.reseller({ name: 'Northwind', storageLocation: 'fast' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id, storageLocation: 'archive' })
  const client = await world.client(customer, { clientId: 'web01' })
  const path = `/api/v1/customers/${customer.id}`
  const [operator, ofReseller, ofCustomer] = await Promise.all([
    world.key('server-operator'),
    world.key('reseller-admin', reseller.id),
    world.key('customer-admin', customer.id),
  ])
  for (const key of [operator, ofReseller])
    await world.refused('not-permitted', 'PATCH', path, { key, body: { storageLocation: 'fast' } })
  await world.refused('not-permitted', 'PATCH', path, { key: operator, body: { storageLocation: null } })
  await world.refused('not-permitted', 'POST', '/api/v1/customers', {
    key: ofReseller,
    body: { name: 'Clinic', storageLocation: 'fast' },
  })
  for (const key of [ofReseller, ofCustomer]) {
    const shown = await world.get<CustomerDetails>(path, { key })
    assert.deepEqual([shown.storageLocation, shown.effectiveStorageLocation], [null, null])
    assert.equal((await world.get<Client>(`/api/v1/clients/${client.id}`, { key })).storageLocation, null)
    await world.refused('not-permitted', 'GET', locationsPath, { key })
  }
  const ownReseller = await world.get<ResellerDetails>(`/api/v1/resellers/${reseller.id}`, {
    key: ofReseller,
  })
  assert.deepEqual([ownReseller.storageLocation, ownReseller.effectiveStorageLocation], [null, null])

  for (const key of [operator, ofReseller]) {
    const shown = await world.get<CustomerDetails>(path, { key })
    await world.send('PATCH', path, { ...shown, name: 'Bakery & Sons' }, { key })
    const after = await world.get<CustomerDetails>(path)
    assert.equal(after.storageLocation, 'archive', 'sent back as it was read, it stays')
  }
  const list = await world.get<{ items: StorageLocation[] }>(locationsPath, { key: operator })
  assert.deepEqual(
    list.items.map((each) => [each.name, each.path]),
    [
      ['default', null],
      ['archive', null],
      ['fast', null],
    ],
  )
})

onEachDatabase('a location that does not exist is refused at its field', async (place) => {
  await using located = await startLocatedWorld(place)
  const { world } = located
  const reseller = await world.reseller({ name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery' })
  const strange = [
    'attic',
    '',
    'Archive',
    '../archive',
    'a/b',
    'a'.repeat(41),
    'archive\0',
    7,
    {},
    ['archive'],
    true,
  ]
  for (const storageLocation of strange) {
    for (const [method, at] of [
      ['PATCH', `/api/v1/resellers/${reseller.id}`],
      ['PATCH', `/api/v1/customers/${customer.id}`],
      ['PATCH', settingsPath],
      ['POST', '/api/v1/resellers'],
      ['POST', '/api/v1/customers'],
    ] as const) {
      const body = { storageLocation, ...(method === 'POST' && { name: 'New' }) }
      const refused = await world.refused('invalid-request', method, at, { body })
      const errors = refused.errors as { path: string }[]
      assert.deepEqual(new Set(errors.map((error) => error.path.split('.')[0])), new Set(['storageLocation']))
    }
  }
  await world.refused('invalid-request', 'PATCH', settingsPath, { body: { storageLocation: null } })
})

onEachDatabase('the list of locations says what lies where and how much room there is', async (place) => {
  await using located = await startLocatedWorld(place)
  const { world, folders } = located
  await world.send<ServerSettings>('PATCH', settingsPath, { storageLocation: 'archive' })
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'web01' })
  await world.client(customer, { clientId: 'web02' })
  await place.database.queries
    .updateTable('space')
    .set({ used_bytes: 1000, trash_bytes: 234 })
    .where('owner_id', '=', client.id)
    .execute()
  const { items } = await world.get<{ items: StorageLocation[] }>(locationsPath)
  assert.deepEqual(
    items.map(({ freeBytes: _, totalBytes: __, ...rest }) => rest),
    ['default', 'archive', 'fast'].map((name) => ({
      name,
      path: folders[name],
      takesNewVaults: name === 'archive',
      isThere: true,
      usedBytes: name === 'archive' ? 1234 : 0,
      vaultCount: name === 'archive' ? 2 : 0,
    })),
  )
  for (const { freeBytes, totalBytes } of items) assert.ok(freeBytes && totalBytes && freeBytes < totalBytes)

  await rename(folders.archive as string, `${folders.archive}-unmounted`)
  await mkdir(folders.archive as string)
  const [, gone] = (await world.get<{ items: StorageLocation[] }>(locationsPath)).items
  assert.deepEqual([gone?.isThere, gone?.freeBytes, gone?.totalBytes], [false, null, null])
  const body = { clientId: 'web03', kind: 'server' }
  await world.refused('storage-location-missing', 'POST', `/api/v1/customers/${customer.id}/clients`, {
    body,
  })
  const none = await world.get<{ total: number }>(`/api/v1/customers/${customer.id}/clients?search=web03`)
  assert.equal(none.total, 0, 'without a place for its vault there is no client')
  await world.runJobs()
  const { items: alerts } = await world.get<{ items: { text: string }[] }>('/api/v1/alerts?kind=disk-low')
  assert.ok(alerts.some(({ text }) => /archive is not mounted/.test(text)))
  assert.deepEqual(readdirSync(folders.archive as string), [])
})

onEachDatabase(
  'clients added at once each get a place of their own, and a refused one leaves none',
  async (place) => {
    await using located = await startLocatedWorld(place)
    const { world, onDisk, folders } = located
    const customers = await Promise.all(
      ['default', 'archive', 'fast'].map((storageLocation) =>
        world.customer({ name: storageLocation, storageLocation }),
      ),
    )
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        world.call<Client>('POST', `/api/v1/customers/${customers[n % 3]?.id}/clients`, {
          body: { clientId: `machine-${Math.floor(n / 2)}` },
        }),
      ),
    )
    const added = answers.filter(({ status }) => status === 201).map(({ body }) => body)
    assert.equal(added.length, 12, 'each ID once')
    for (const client of added) {
      assert.deepEqual(onDisk(client.clientId), [client.customer.name])
      assert.equal(client.storageLocation, client.customer.name)
    }
    const made = Object.values(folders).flatMap((folder) => readdirSync(path.join(folder, 'vaults')))
    assert.equal(made.length, 12)
  },
)

onEachDatabase('without storage locations nothing is decided and nothing is made', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'web01' })
  assert.equal(client.storageLocation, 'default')
  assert.deepEqual(readdirSync(path.join(place.dataFolder, 'objects/vaults')), [])
  const { items } = await world.get<{ items: StorageLocation[] }>(locationsPath)
  assert.deepEqual(
    items.map(({ name, vaultCount }) => [name, vaultCount]),
    [['default', 1]],
  )
  assert.ok(!existsSync(path.join(place.dataFolder, 'objects/granary-location.json')))
})
