import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  ClientWithSecret,
  Customer,
  CustomerDetails,
  DeletionPreview,
  List,
  ResellerDetails,
} from '@granary/contract'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Database } from '../platform/database/database.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase, openTestPlace } from '../test-world/on-each-database.ts'
import { oneAfterTheOther } from '../test-world/until-blocked.ts'

const minute = 60_000

onEachDatabase(
  'a client goes into the trash with its vault: out of the space above, one row in the ledger',
  async (place) => {
    await using world = await startApiWorld(place)
    const { reseller, customer, client } = await branchInUse(world, 'A')
    await world.send('DELETE', `/api/v1/clients/${client.id}`)
    await world.refused('client-not-found', 'GET', `/api/v1/clients/${client.id}`)
    await world.refused('client-not-found', 'DELETE', `/api/v1/clients/${client.id}`)
    assert.equal((await readCustomer(world, customer.id)).space.usedBytes, 0)
    assert.equal((await readReseller(world, reseller.id)).space.usedBytes, 0)
    assert.equal((await readCustomer(world, customer.id)).mcals.usedTillDate, 3, 'MCALs stay drawn')
    const [row, ...others] = await place.database.queries.selectFrom('ledger').selectAll().execute()
    assert.deepEqual(others, [])
    assert.deepEqual([row?.change, row?.type, row?.bytes, row?.name.length], [2, 255, 1000, 0])
    const again = await world.client(customer, { clientId: client.clientId })
    assert.notEqual(again.id, client.id, 'its ID is free again')
  },
)

onEachDatabase(
  'a deleted customer’s clients move to Default Customer, with space and address; MCALs stay where they were drawn',
  async (place) => {
    await using world = await startApiWorld(place)
    const { reseller, customer, client } = await branchInUse(world, 'A')
    const standard = await defaultCustomer(world)
    await world.send('DELETE', `/api/v1/customers/${customer.id}`)
    await world.refused('customer-not-found', 'GET', `/api/v1/customers/${customer.id}`)

    const moved = await world.get<ClientWithSecret>(`/api/v1/clients/${client.id}`)
    assert.equal(moved.customer.id, standard.id)
    assert.ok(moved.vaultUrl.endsWith(`/vault/default/${client.clientId}/`))
    const now = await readCustomer(world, standard.id)
    assert.equal(now.space.usedBytes, 1000)
    assert.deepEqual([now.mcals.used, now.mcals.usedTillDate], [0, 0])
    assert.equal(now.clientCount, 1)
    const before = await readReseller(world, reseller.id)
    assert.deepEqual([before.space.usedBytes, before.mcals.used, before.mcals.usedTillDate], [0, 1, 3])
    const above = await readReseller(world, now.reseller.id)
    assert.deepEqual([above.space.usedBytes, above.mcals.used, above.mcals.usedTillDate], [1000, 0, 0])
    assert.deepEqual(moved.mcals, { used: 1, usedTillDate: 3 }, 'it keeps its right to the month’s end')
    const addresses = await place.database.queries.selectFrom('former_addresses').selectAll().execute()
    assert.deepEqual(
      addresses.map((row) => [row.client_id, row.url_key]),
      [[client.id, customer.urlKey]],
    )
  },
)

onEachDatabase('a deleted reseller’s customers move to Default Reseller as they are', async (place) => {
  await using world = await startApiWorld(place)
  const { reseller, customer } = await branchInUse(world, 'A')
  const { reseller: home } = await defaultCustomer(world)
  await world.send('DELETE', `/api/v1/resellers/${reseller.id}?contents=move-to-default`)
  await world.refused('reseller-not-found', 'GET', `/api/v1/resellers/${reseller.id}`)
  const moved = await readCustomer(world, customer.id)
  assert.equal(moved.reseller.id, home.id)
  assert.equal(moved.space.usedBytes, 1000)
  const above = await readReseller(world, home.id)
  assert.deepEqual([above.space.usedBytes, above.mcals.usedTillDate, above.customerCount], [1000, 0, 2])
  assert.equal(moved.mcals.usedTillDate, 3)
})

onEachDatabase('deleting with everything under it takes customers and clients along', async (place) => {
  await using world = await startApiWorld(place)
  const { reseller, customer, client } = await branchInUse(world, 'A')
  const other = await branchInUse(world, 'B')
  await world.send('DELETE', `/api/v1/resellers/${reseller.id}?contents=delete`)
  await world.refused('customer-not-found', 'GET', `/api/v1/customers/${customer.id}`)
  await world.refused('client-not-found', 'GET', `/api/v1/clients/${client.id}`)
  assert.equal((await readCustomer(world, other.customer.id)).space.usedBytes, 1000, 'others are untouched')
  await world.send('DELETE', `/api/v1/customers/${other.customer.id}?contents=delete`)
  assert.equal((await readReseller(world, other.reseller.id)).space.usedBytes, 0)
  const trashed = await place.database.queries.selectFrom('ledger').select('bytes').execute()
  assert.deepEqual(
    trashed.map((row) => row.bytes),
    [1000, 1000],
  )
  const left = await place.database.queries
    .selectFrom('space')
    .innerJoin('customers', 'customers.id', 'space.owner_id')
    .select('space.used_bytes')
    .where('customers.deleted_at', 'is not', null)
    .execute()
  assert.deepEqual(
    left.map((row) => row.used_bytes),
    [0, 0],
  )
})

onEachDatabase('of very many objects a preview says that there are more', async (place) => {
  await using world = await startApiWorld(place)
  const { customer, client } = await branchInUse(world, 'A')
  const { queries } = place.database
  const { vault_no } = await queries
    .selectFrom('clients')
    .select('vault_no')
    .where('id', '=', client.id)
    .executeTakeFirstOrThrow()
  const preview = async () => {
    const shown = await world.get<DeletionPreview>(`/api/v1/customers/${customer.id}/deletion-preview`)
    return [shown.objects, shown.moreObjects]
  }
  const add = async (from: number, to: number) => {
    for (let n = from; n < to; n += 1000) {
      const rows = Array.from({ length: Math.min(1000, to - n) }, (_, i) => {
        const name = Buffer.alloc(32)
        name.writeUInt32BE(n + i)
        return { vault_no, type: 5, name, bytes: 1, stored_at: 1 }
      })
      await queries.insertInto('objects').values(rows).execute()
    }
  }
  const { objects } = await queries
    .selectFrom('objects')
    .select((eb) => eb.fn.countAll<number>().as('objects'))
    .where('vault_no', '=', vault_no)
    .executeTakeFirstOrThrow()
  await add(0, 10_000 - objects)
  assert.deepEqual(await preview(), [10_000, false])
  await add(10_000, 10_001)
  assert.deepEqual(await preview(), [10_000, true])
})

onEachDatabase('nothing is deleted while a backup runs under it; an old lock is no backup', async (place) => {
  await using world = await startApiWorld(place)
  const { reseller, customer, client } = await branchInUse(world, 'A')
  await lock(place.database, client.id, world.clock.now() - 29 * minute)
  const addresses = [
    `/api/v1/clients/${client.id}`,
    `/api/v1/customers/${customer.id}`,
    `/api/v1/customers/${customer.id}?contents=delete`,
    `/api/v1/resellers/${reseller.id}`,
    `/api/v1/resellers/${reseller.id}?contents=delete`,
  ]
  for (const address of addresses) {
    const problem = await world.refused('backup-running', 'DELETE', address)
    assert.deepEqual(problem.clientIds, [client.clientId])
  }
  const preview = await world.get<DeletionPreview>(`/api/v1/resellers/${reseller.id}/deletion-preview`)
  assert.deepEqual(preview, {
    customers: 1,
    clients: 1,
    objects: 1,
    bytes: 1000,
    moreObjects: false,
    refusal: {
      message: `A backup is running on ${client.clientId}. Wait until it ends, or deactivate first.`,
      code: 'backup-running',
      parameters: { clientIds: client.clientId },
    },
  })
  const shown = await world.get<ClientWithSecret>(`/api/v1/clients/${client.id}`)
  assert.equal(shown.backupRunning, true)
  world.clock.advance(2 * minute)
  assert.equal((await world.get<ClientWithSecret>(`/api/v1/clients/${client.id}`)).backupRunning, false)
  await world.send('DELETE', `/api/v1/resellers/${reseller.id}?contents=delete`)
})

onEachDatabase('keys and users of a deleted place are nobody from then on', async (place) => {
  await using world = await startApiWorld(place)
  const { reseller, customer } = await branchInUse(world, 'A')
  const ofCustomer = await world.key('customer-admin', customer.id)
  const ofReseller = await world.key('reseller-admin', reseller.id)
  await world.get('/api/v1/session', { key: ofCustomer })
  await world.send('DELETE', `/api/v1/customers/${customer.id}`)
  await world.refused('api-key-invalid', 'GET', '/api/v1/session', { key: ofCustomer })
  await world.get('/api/v1/session', { key: ofReseller })
  await world.send('DELETE', `/api/v1/resellers/${reseller.id}`)
  await world.refused('api-key-invalid', 'GET', '/api/v1/session', { key: ofReseller })
})

/** A reseller with a customer with a client that stores 1000 bytes and has drawn 3 MCALs, one of them this month. */
async function branchInUse(world: ApiWorld, name: string) {
  const reseller = await world.reseller({ name: `Reseller ${name}` })
  const customer = await world.customer({ name: `Customer ${name}`, reseller: reseller.id })
  const client = await world.client(customer, { clientId: `client-${name}` })
  const { queries } = world.database
  const owners = [client.id, customer.id, reseller.id]
  await queries.updateTable('space').set({ used_bytes: 1000 }).where('owner_id', 'in', owners).execute()
  const month = calendarMonth(world.clock.now())
  await queries
    .updateTable('licence_use')
    .set({ used_till_date: 3, used_in_month: 1, month })
    .where('owner_id', 'in', owners)
    .execute()
  const draw = {
    client_id: client.id,
    kind: 'workstation',
    customer_id: customer.id,
    reseller_id: reseller.id,
    drawn_at: world.clock.now(),
  } as const
  await queries
    .insertInto('licence_draws')
    .values([
      { ...draw, month, units: 1, parts: '{"workstation":1}' },
      { ...draw, month: '2020-01', units: 2, parts: '{"server":2}', kind: 'server' },
    ])
    .execute()
  return { reseller, customer, client }
}

async function lock(database: Database, clientId: string, storedAt: number): Promise<void> {
  const { vault_no } = await database.queries
    .selectFrom('clients')
    .select('vault_no')
    .where('id', '=', clientId)
    .executeTakeFirstOrThrow()
  const lockObject = { vault_no, type: 2, name: Buffer.alloc(32, 7), bytes: 100, stored_at: storedAt }
  await database.queries.insertInto('objects').values(lockObject).execute()
}

async function defaultCustomer(world: ApiWorld): Promise<Customer> {
  const { items } = await world.get<List<Customer>>('/api/v1/customers?search=default%20customer')
  assert.ok(items[0]?.isDefault)
  return items[0]
}

function readCustomer(world: ApiWorld, id: string): Promise<CustomerDetails> {
  return world.get(`/api/v1/customers/${id}`)
}

function readReseller(world: ApiWorld, id: string): Promise<ResellerDetails> {
  return world.get(`/api/v1/resellers/${id}`)
}

test('a customer that is added at the same instant goes with its reseller (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await startApiWorld(place)
  // So that the limit of whoever is added is looked at last, once it is counted in its reseller.
  await world.send('PATCH', '/api/v1/settings', { overAllotting: false })
  for (const contents of ['delete', 'move-to-default']) {
    const reseller = await world.reseller({ name: `Reseller, ${contents}`, space: { allottedBytes: 9 } })
    const input = { name: contents, reseller: reseller.id, space: { allottedBytes: 1 } }
    const [{ id }] = await oneAfterTheOther(
      place,
      ['space', 'owner_id', reseller.id],
      () => world.customer(input),
      () => world.send('DELETE', `/api/v1/resellers/${reseller.id}?contents=${contents}`),
    )
    const row = await place.database.queries
      .selectFrom('customers')
      .innerJoin('resellers', 'resellers.id', 'customers.reseller_id')
      .select(['customers.deleted_at', 'resellers.is_default'])
      .where('customers.id', '=', id)
      .executeTakeFirstOrThrow()
    assert.equal(row.deleted_at !== null, contents === 'delete')
    assert.equal(row.is_default === 1, contents === 'move-to-default')
  }
})
