import assert from 'node:assert/strict'
import type { Client, CustomerDetails, LicenceDraw, List, Plugin, StatementRow } from '@granary/contract'
import { VaultAccessQuery } from '../clients/vault-access.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { Licences } from './draw-licence.ts'

/** Brings a client's first object of the month, as far as licences are concerned. */
async function backUp(world: ApiWorld, client: { clientId: string }, urlKey: string): Promise<void> {
  const access = await new VaultAccessQuery(world.database).find(urlKey, client.clientId)
  assert.ok(access)
  const licences = new Licences(world.database, world.clock)
  if (licences.holds(access)) return
  await licences.expectSome(access)
  await licences.draw(access)
}

async function addPlugins(world: ApiWorld, units: Record<string, number>): Promise<void> {
  for (const [key, monthlyUnits] of Object.entries(units))
    await world.send('POST', '/api/v1/plugins', { key, name: `The ${key}`, monthlyUnits })
}

const edit = (world: ApiWorld, client: { id: string }, body: object) =>
  world.send<Client>('PATCH', `/api/v1/clients/${client.id}`, body)

const usedBy = async (world: ApiWorld, customer: { id: string }) =>
  (await world.get<CustomerDetails>(`/api/v1/customers/${customer.id}`)).mcals.usedTillDate

onEachDatabase(
  'plug-ins are listed with their clients in scope, edited, and kept while in use',
  async (place) => {
    await using world = await startApiWorld(place)
    await addPlugins(world, { mssql: 3, exchange: 2 })
    const [bakery, clinic] = [
      await world.customer({ name: 'Bakery' }),
      await world.customer({ name: 'Clinic' }),
    ]
    const till = await world.client(bakery, { clientId: 'till', plugins: ['mssql', 'exchange'] })
    await world.client(clinic, { clientId: 'desk', plugins: ['mssql'] })
    assert.deepEqual(till.plugins, ['exchange', 'mssql'])
    const listed = async (key?: string) =>
      (await world.get<List<Plugin>>('/api/v1/plugins', key ? { key } : {})).items.map((one) => [
        one.key,
        one.name,
        one.monthlyUnits,
        one.clientCount,
      ])
    assert.deepEqual(await listed(), [
      ['exchange', 'The exchange', 2, 1],
      ['mssql', 'The mssql', 3, 2],
    ])
    assert.deepEqual((await listed(await world.key('customer-read-only', clinic.id)))[0]?.[3], 0)
    await world.refused('plugin-key-taken', 'POST', '/api/v1/plugins', {
      body: { key: 'mssql', name: 'Another', monthlyUnits: 1 },
    })
    await world.refused('name-taken', 'POST', '/api/v1/plugins', {
      body: { key: 'sql', name: ' the  MSSQL', monthlyUnits: 1 },
    })
    await world.refused('name-taken', 'PATCH', '/api/v1/plugins/exchange', { body: { name: 'The mssql' } })
    await world.refused('plugin-not-found', 'PATCH', '/api/v1/plugins/nothing', { body: { monthlyUnits: 1 } })
    await world.refused('plugin-not-found', 'POST', `/api/v1/customers/${bakery.id}/clients`, {
      body: { clientId: 'new', plugins: ['nothing'] },
    })
    const inUse = await world.refused('plugin-in-use', 'DELETE', '/api/v1/plugins/mssql')
    assert.equal(inUse.clients, 2)

    // What was read may be sent back whole, and what is deleted does not keep a plug-in.
    assert.deepEqual((await edit(world, till, await world.get(`/api/v1/clients/${till.id}`))).plugins, [
      'exchange',
      'mssql',
    ])
    assert.deepEqual((await edit(world, till, { plugins: ['mssql'] })).plugins, ['mssql'])
    assert.deepEqual((await edit(world, till, { appendOnly: true })).plugins, ['mssql'])
    await world.send('DELETE', '/api/v1/plugins/exchange')
    await world.send('DELETE', `/api/v1/clients/${till.id}`)
    const desks = await world.get<List<Client>>(`/api/v1/customers/${clinic.id}/clients`)
    assert.deepEqual(desks.items[0]?.plugins, ['mssql'])
    await edit(world, desks.items[0] as Client, { plugins: [] })
    await world.send('DELETE', '/api/v1/plugins/mssql')
    assert.deepEqual(await listed(), [])
  },
)

onEachDatabase(
  'a retired plug-in is given to nobody, kept and drawn for by who has it, and can be taken back',
  async (place) => {
    await using world = await startApiWorld(place)
    await addPlugins(world, { mssql: 3, exchange: 2 })
    const customer = await world.customer({ name: 'Bakery' })
    const till = await world.client(customer, { clientId: 'till', plugins: ['mssql'] })
    const desk = await world.client(customer, { clientId: 'desk' })
    const retire = (retired: boolean) => world.send<Plugin>('PATCH', '/api/v1/plugins/mssql', { retired })
    assert.deepEqual([(await retire(true)).retired, (await retire(true)).clientCount], [true, 1])
    await world.refused('plugin-retired', 'PATCH', `/api/v1/clients/${desk.id}`, {
      body: { plugins: ['exchange', 'mssql'] },
    })
    await world.refused('plugin-retired', 'POST', `/api/v1/customers/${customer.id}/clients`, {
      body: { clientId: 'new', plugins: ['mssql'] },
    })
    assert.deepEqual((await edit(world, till, { plugins: ['mssql', 'exchange'] })).plugins, [
      'exchange',
      'mssql',
    ])
    await backUp(world, till, customer.urlKey)
    assert.equal(await usedBy(world, customer), 1 + 3 + 2)
    await world.refused('plugin-in-use', 'DELETE', '/api/v1/plugins/mssql')
    await edit(world, till, { plugins: [] })
    await world.refused('plugin-retired', 'PATCH', `/api/v1/clients/${till.id}`, {
      body: { plugins: ['mssql'] },
    })

    assert.equal((await retire(false)).retired, false)
    assert.deepEqual((await edit(world, desk, { plugins: ['mssql'] })).plugins, ['mssql'])
    await retire(true)
    await edit(world, desk, { plugins: [] })
    await world.send('DELETE', '/api/v1/plugins/mssql')
  },
)

onEachDatabase('a client draws for its plug-ins too, and the difference when they change', async (place) => {
  await using world = await startApiWorld(place)
  await addPlugins(world, { mssql: 3, exchange: 2, free: 0 })
  const customer = await world.customer({ name: 'Bakery', mcals: { allotted: 20 } })
  const server = await world.client(customer, {
    clientId: 'server',
    kind: 'server',
    plugins: ['mssql', 'free'],
  })
  assert.equal(await usedBy(world, customer), 0)
  await backUp(world, server, customer.urlKey)
  assert.equal(await usedBy(world, customer), 5)
  await edit(world, server, { plugins: ['exchange'] })
  assert.equal(await usedBy(world, customer), 5, 'cheaper: nothing comes back')
  await edit(world, server, { plugins: ['mssql', 'exchange'] })
  assert.equal(await usedBy(world, customer), 7)

  // Dearer from the next draw on, and not because somebody saves a form.
  await world.send('PATCH', '/api/v1/plugins/mssql', { monthlyUnits: 6 })
  await edit(world, server, { kind: 'server', plugins: ['exchange', 'mssql'] })
  assert.equal(await usedBy(world, customer), 7)
  const draws = await world.get<List<LicenceDraw>>('/api/v1/licences/draws')
  assert.deepEqual(
    draws.items.map(({ units, reason, drawnFor }) => [units, reason, drawnFor]),
    [
      [2, 'plugin-change', [{ part: 'exchange', units: 2 }]],
      [
        5,
        'first-backup',
        [
          { part: 'server', units: 2 },
          { part: 'mssql', units: 3 },
        ],
      ],
    ],
  )
  const { rows } = await world.get<{ rows: StatementRow[] }>('/api/v1/licences/statement?months=1')
  assert.deepEqual(rows[0]?.usedFor, [
    { part: 'mssql', units: 3 },
    { part: 'exchange', units: 2 },
    { part: 'server', units: 2 },
  ])

  world.clock.advance(32 * 24 * 3_600_000)
  await backUp(world, server, customer.urlKey)
  assert.equal(await usedBy(world, customer), 7 + 10)
  const last = await world.client(customer, { clientId: 'last', plugins: ['mssql'] })
  await assert.rejects(backUp(world, last, customer.urlKey), { code: 'licence-exhausted' })
  await edit(world, last, { plugins: ['exchange'] })
  await backUp(world, last, customer.urlKey)
  await world.refused('licence-exhausted', 'PATCH', `/api/v1/clients/${last.id}`, {
    body: { plugins: ['exchange', 'mssql'] },
  })
  const kept = await world.get<Client>(`/api/v1/clients/${last.id}`)
  assert.deepEqual(kept.plugins, ['exchange'], 'what could not be drawn for was not given')
  assert.equal(await usedBy(world, customer), 20)
})

onEachDatabase(
  'first backups, kinds and plug-ins changed at the same instant draw the dearest once',
  async (place) => {
    await using world = await startApiWorld(place)
    await addPlugins(world, { mssql: 3, exchange: 2 })
    const customer = await world.customer({ name: 'Bakery' })
    const clients = await Promise.all(
      Array.from({ length: 8 }, (_, n) => world.client(customer, { clientId: `server-${n}` })),
    )
    await Promise.all(
      clients.flatMap((client, n) => [
        backUp(world, client, customer.urlKey),
        edit(world, client, { plugins: n % 2 ? ['mssql', 'exchange'] : ['exchange', 'mssql'] }),
        edit(world, client, { kind: 'server' }),
        backUp(world, client, customer.urlKey),
      ]),
    )
    assert.equal(await usedBy(world, customer), clients.length * (2 + 3 + 2))
    const { rows } = await world.get<{ rows: StatementRow[] }>('/api/v1/licences/statement?months=1')
    const usedFor = rows[0]?.usedFor.reduce((sum, { units }) => sum + units, 0)
    assert.equal(usedFor, clients.length * 7)
  },
)

onEachDatabase(
  'a plug-in that is removed while it is given to a client is one or the other',
  async (place) => {
    await using world = await startApiWorld(place)
    const customer = await world.customer({ name: 'Bakery' })
    const client = await world.client(customer, { clientId: 'server' })
    for (let round = 0; round < 8; round++) {
      await addPlugins(world, { mssql: 1 })
      const [given, removed] = await Promise.all([
        world.call('PATCH', `/api/v1/clients/${client.id}`, { body: { plugins: ['mssql'] } }),
        world.call('DELETE', '/api/v1/plugins/mssql'),
      ])
      assert.deepEqual([given.status, removed.status].sort(), given.status === 200 ? [200, 409] : [204, 404])
      await edit(world, client, { plugins: [] })
      if (removed.status === 409) await world.send('DELETE', '/api/v1/plugins/mssql')
    }
  },
)
