import assert from 'node:assert/strict'
import type {
  Client,
  CustomerDetails,
  LicenceAccount,
  LicenceAllotment,
  LicenceDraw,
  List,
  StatementRow,
} from '@granary/contract'
import { sql } from 'kysely'
import { endTrials } from '../clients/end-trials.ts'
import { VaultAccessQuery } from '../clients/vault-access.ts'
import { serverPoolId } from '../customers/customers.ts'
import { calendarMonth, monthBefore } from '../platform/calendar-month.ts'
import type { Database } from '../platform/database/database.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { Licences } from './draw-licence.ts'
import { unitsOf } from './parts-to-draw.ts'

const day = 24 * 3_600_000

/** Brings a client's first object of the month, as far as licences are concerned. */
async function backUp(world: ApiWorld, client: { clientId: string }, urlKey: string): Promise<void> {
  const access = await new VaultAccessQuery(world.database).find(urlKey, client.clientId)
  assert.ok(access)
  const licences = new Licences(world.database, world.clock)
  if (licences.holds(access)) return
  await licences.expectSome(access)
  await licences.draw(access)
}

async function branch(world: ApiWorld) {
  const reseller = await world.reseller({ name: 'Northwind', mcals: { allotted: 100 } })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id, mcals: { allotted: 10 } })
  return { reseller, customer }
}

/** Accounts, months and the ledger tell of the same units. */
async function expectBooksAgree(database: Database): Promise<void> {
  for (const owner of ['customer_id', 'reseller_id', `'${serverPoolId}'`]) {
    const wrong = await sql<{ owner_id: string }>`
      select u.owner_id from licence_use as u
      join (select ${sql.raw(owner)} as owner_id, sum(units) as units from licence_ledger group by 1) as l
        on l.owner_id = u.owner_id
      join (select owner_id, sum(used) as used from licence_months group by 1) as m on m.owner_id = u.owner_id
      join (select owner_id, sum(used) as used from licence_month_parts group by 1) as p
        on p.owner_id = u.owner_id
      where u.used_till_date <> l.units or m.used <> l.units or p.used <> l.units
    `.execute(database.queries)
    assert.deepEqual(wrong.rows, [], owner)
  }
  for (const table of ['licence_ledger', 'licence_draws'] as const) {
    const rows = await database.queries.selectFrom(table).select(['units', 'parts']).execute()
    for (const { units, parts } of rows) assert.equal(unitsOf(JSON.parse(parts)), units)
  }
}

onEachDatabase(
  'every draw stands in the history with what was left, for those who may see it',
  async (place) => {
    await using world = await startApiWorld(place)
    const { reseller, customer } = await branch(world)
    const till = await world.client(customer, { clientId: 'till-1' })
    const files = await world.client(customer, { clientId: 'files', kind: 'server' })
    await world.send('POST', '/api/v1/licences/pool', { units: 500, note: 'Order 4711' })
    await backUp(world, till, customer.urlKey)
    await backUp(world, files, customer.urlKey)
    await backUp(world, files, customer.urlKey)

    const list = await world.get<List<LicenceDraw>>('/api/v1/licences/draws')
    assert.deepEqual(
      list.items.map(({ client, kind, units, left }) => [client.clientId, kind, units, left]),
      [
        ['files', 'server', 2, { pool: 497, reseller: 97, customer: 7 }],
        ['till-1', 'workstation', 1, { pool: 499, reseller: 99, customer: 9 }],
      ],
    )
    const asReseller = await world.get<List<LicenceDraw>>('/api/v1/licences/draws?limit=1', {
      key: await world.key('reseller-read-only', reseller.id),
    })
    assert.deepEqual(asReseller.items[0]?.left, { pool: null, reseller: 97, customer: 7 })
    const asCustomer = await world.get<List<LicenceDraw>>('/api/v1/licences/draws?search=TILL', {
      key: await world.key('customer-read-only', customer.id),
    })
    assert.deepEqual(
      [asCustomer.total, asCustomer.items[0]?.left],
      [1, { pool: null, reseller: null, customer: 9 }],
    )

    const pool = await world.get<LicenceAccount>('/api/v1/licences')
    assert.deepEqual([pool.level, pool.left, pool.usedThisMonth, pool.usedTillDate], ['server', 497, 3, 3])
    const own = await world.get<LicenceAccount>('/api/v1/licences', {
      key: await world.key('customer-read-only', customer.id),
    })
    assert.deepEqual([own.level, own.name, own.left], ['customer', 'Bakery', 7])
    await world.refused('customer-not-found', 'GET', `/api/v1/licences?customer=${customer.id}`, {
      key: await world.key('reseller-admin', (await world.reseller({ name: 'Other' })).id),
    })
    await expectBooksAgree(place.database)
  },
)

onEachDatabase('a change of kind in mid-month draws the difference, or does not happen', async (place) => {
  await using world = await startApiWorld(place)
  const { customer } = await branch(world)
  const address = `/api/v1/customers/${customer.id}`
  const till = await world.client(customer, { clientId: 'till-1' })
  const kind = (to: string) => ({ body: { kind: to } })
  await world.send('PATCH', `/api/v1/clients/${till.id}`, { kind: 'server' })
  await world.send('PATCH', `/api/v1/clients/${till.id}`, { kind: 'workstation' })
  const used = async () => (await world.get<CustomerDetails>(address)).mcals.usedTillDate
  assert.equal(await used(), 0, 'before its first backup of the month nothing is drawn')
  await backUp(world, till, customer.urlKey)
  await world.send('PATCH', `/api/v1/clients/${till.id}`, { kind: 'server' })
  assert.equal(await used(), 2)
  await world.send('PATCH', `/api/v1/clients/${till.id}`, { kind: 'workstation' })
  await world.send('PATCH', `/api/v1/clients/${till.id}`, { kind: 'server' })
  assert.equal(await used(), 2, 'nothing comes back, and nothing is drawn twice')
  const { items } = await world.get<List<LicenceDraw>>('/api/v1/licences/draws')
  assert.deepEqual(
    items.map(({ units, reason }) => [units, reason]),
    [
      [1, 'kind-change'],
      [1, 'first-backup'],
    ],
  )

  const desk = await world.client(customer, { clientId: 'desk' })
  await backUp(world, desk, customer.urlKey)
  await world.send('PATCH', address, { mcals: { allotted: 3 } })
  const refused = await world.refused(
    'licence-exhausted',
    'PATCH',
    `/api/v1/clients/${desk.id}`,
    kind('server'),
  )
  assert.equal(refused.level, 'customer')
  assert.equal((await world.get<Client>(`/api/v1/clients/${desk.id}`)).kind, 'workstation')
  await backUp(world, desk, customer.urlKey)
  await expectBooksAgree(place.database)
})

onEachDatabase(
  'a first backup and changes of kind at the same instant draw the dearer kind once',
  async (place) => {
    await using world = await startApiWorld(place)
    const { customer } = await branch(world)
    const clients = await Promise.all(
      Array.from({ length: 12 }, (_, n) => world.client(customer, { clientId: `till-${n}` })),
    )
    await world.send('PATCH', `/api/v1/customers/${customer.id}`, { mcals: { allotted: null } })
    await Promise.all(
      clients.flatMap((client) => [
        backUp(world, client, customer.urlKey),
        world.send('PATCH', `/api/v1/clients/${client.id}`, { kind: 'server' }),
        backUp(world, client, customer.urlKey),
      ]),
    )
    const { mcals } = await world.get<CustomerDetails>(`/api/v1/customers/${customer.id}`)
    assert.equal(mcals.usedTillDate, 24)
    await expectBooksAgree(place.database)
  },
)

onEachDatabase('the statement adds up month by month, and says when the balance is short', async (place) => {
  await using world = await startApiWorld(place)
  const { customer } = await branch(world)
  await world.send('PATCH', `/api/v1/customers/${customer.id}`, { mcals: { allotted: 12 } })
  const urlKey = customer.urlKey
  const clients = await Promise.all(
    ['a', 'b', 'c'].map((clientId) => world.client(customer, { clientId, kind: 'server' })),
  )
  // The middle of a month, so that days on either side stay in it.
  world.clock.advance(daysTo15th(world.clock.now()) * day)
  const first = calendarMonth(world.clock.now())
  for (const client of clients) await backUp(world, client, urlKey)
  world.clock.advance(31 * day)
  await world.send('POST', '/api/v1/licences/pool', { units: 5, note: 'Order 1' })
  const [one, two, three] = clients
  assert.ok(one && two && three)
  await backUp(world, one, urlKey)
  const account = await world.get<LicenceAccount>('/api/v1/licences')
  assert.deepEqual(
    [account.left, account.usedThisMonth, account.usedLastMonth, account.expectedThisMonth, account.shortBy],
    [3, 2, 6, 4, 1],
  )
  await world.send('POST', '/api/v1/licences/pool', { units: 10, note: '' })
  assert.equal((await world.get<LicenceAccount>('/api/v1/licences')).shortBy, 0)
  const { rows } = await world.get<{ rows: StatementRow[] }>('/api/v1/licences/statement?months=3')
  const second = calendarMonth(world.clock.now())
  const servers = (units: number) => [{ part: 'server', units }]
  assert.deepEqual(rows, [
    { month: second, opening: null, added: 15, used: 2, closing: 13, usedFor: servers(2) },
    { month: first, opening: null, added: 0, used: 6, closing: null, usedFor: servers(6) },
    { month: monthBefore(first, 1), opening: null, added: 0, used: 0, closing: null, usedFor: [] },
  ])
  world.clock.advance(31 * day)
  await backUp(world, two, urlKey)
  const short = await world.refused('pool-short', 'POST', '/api/v1/licences/pool', { body: { units: -12 } })
  assert.equal(short.left, 11)
  await world.send('POST', '/api/v1/licences/pool', { units: -11, note: 'back' })
  await assert.rejects(backUp(world, three, urlKey), { code: 'licence-exhausted' })
  const later = await world.get<{ rows: StatementRow[] }>('/api/v1/licences/statement?months=1')
  assert.deepEqual(later.rows, [
    {
      month: calendarMonth(world.clock.now()),
      opening: 13,
      added: -11,
      used: 2,
      closing: 0,
      usedFor: servers(2),
    },
  ])
  const history = await world.get<List<LicenceAllotment>>('/api/v1/licences/allotments')
  assert.deepEqual(
    history.items.map(({ leftBefore, leftAfter, note }) => [leftBefore, leftAfter, note]),
    [
      [11, 0, 'back'],
      [3, 13, ''],
      [null, 5, 'Order 1'],
    ],
  )
  await world.send('DELETE', '/api/v1/licences/pool')
  await backUp(world, three, urlKey)
  const own = await world.get<{ rows: StatementRow[] }>(
    `/api/v1/licences/statement?months=3&customer=${customer.id}`,
  )
  assert.deepEqual(
    own.rows.map(({ opening, used, closing }) => [opening, used, closing]),
    [
      [4, 4, 0],
      [6, 2, 4],
      [12, 6, 6],
    ],
  )
  await expectBooksAgree(place.database)
})

onEachDatabase(
  'a trial draws nothing, ends by itself, and is prolonged by the server alone',
  async (place) => {
    await using world = await startApiWorld(place)
    const { reseller, customer } = await branch(world)
    await world.send('POST', '/api/v1/licences/pool', { units: 1, note: '' })
    await world.send('PATCH', '/api/v1/settings', { trial: { days: 10, keepDays: 20 } })
    const trial = await world.client(customer, { clientId: 'trial', trial: true })
    assert.ok(trial.trial)
    assert.equal(trial.trial.dataDeletedAt - trial.trial.endsAt, 20 * day)
    assert.ok(Math.abs(trial.trial.endsAt - world.clock.now() - 10 * day) < 60_000)
    await backUp(world, trial, customer.urlKey)
    assert.equal((await world.get<LicenceAccount>('/api/v1/licences')).usedTillDate, 0)

    const address = `/api/v1/clients/${trial.id}`
    const longer = { body: { trial: { endsAt: trial.trial.endsAt + 5 * day } } }
    const asReseller = { key: await world.key('reseller-admin', reseller.id) }
    const asCustomer = { key: await world.key('customer-admin', customer.id) }
    await world.refused('not-permitted', 'PATCH', address, { ...longer, ...asReseller })
    await world.refused('not-permitted', 'POST', `/api/v1/customers/${customer.id}/clients`, {
      body: { clientId: 'free', trial: true },
      ...asCustomer,
    })
    await world.refused('not-permitted', 'PATCH', `/api/v1/customers/${customer.id}`, {
      body: { trial: { forNewClients: true } },
      ...asReseller,
    })
    await world.send('PATCH', address, await world.get<Client>(address), asReseller)
    await world.refused('invalid-request', 'PATCH', address, { body: { trial: { endsAt: 1 } } })
    await world.send('PATCH', address, longer.body)

    world.clock.advance(11 * day)
    assert.equal(await endTrials(world), 0)
    world.clock.advance(5 * day)
    await assert.rejects(
      backUp(world, trial, customer.urlKey),
      { code: 'trial-ended' },
      'even before it is deactivated',
    )
    const ended = await Promise.all([endTrials(world), endTrials(world)])
    assert.deepEqual(ended.sort(), [0, 1])
    assert.equal((await world.get<Client>(address)).state, 'deactivated')
    await world.refused('trial-ended', 'POST', `${address}/activate`)
    const regular = await world.send<Client>('PATCH', address, { trial: null, state: 'active' }, asCustomer)
    assert.deepEqual([regular.trial, regular.state], [null, 'active'])
    await backUp(world, trial, customer.urlKey)
    assert.equal((await world.get<LicenceAccount>('/api/v1/licences')).left, 0)

    await world.send('PATCH', `/api/v1/customers/${customer.id}`, { trial: { days: 3, forNewClients: true } })
    const next = await world.client(customer, { clientId: 'next' })
    assert.ok(next.trial && Math.abs(next.trial.endsAt - world.clock.now() - 3 * day) < 60_000)
    assert.equal((await world.client(customer, { clientId: 'paid', trial: false })).trial, null)
  },
)

function daysTo15th(now: number): number {
  const at = new Date(now)
  return (new Date(at.getFullYear(), at.getMonth() + 1, 15, 12).getTime() - now) / day
}
