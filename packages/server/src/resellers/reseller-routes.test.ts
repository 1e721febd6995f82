import assert from 'node:assert/strict'
import {
  type CustomerDetails,
  type Deletion,
  type List,
  type Reseller,
  type ResellerDetails,
  resellerSortColumns,
} from '@granary/contract'
import { ensureDefaults } from '../customers/customers.ts'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase('while resellers are not managed, nothing new begins under one', async (place) => {
  await using world = await startApiWorld(place)
  const { id: reseller } = await world.reseller({ name: 'Northwind' })
  const keyOfReseller = await world.key('reseller-admin', reseller)
  const customer = await world.customer({ name: 'Before', reseller })
  await world.send('PATCH', '/api/v1/settings', { resellerManagement: false })
  const role = 'reseller-admin'
  const begun: [path: string, body: object, key?: string][] = [
    ['resellers', { name: 'Southwind' }],
    ['customers', { name: 'Named', reseller }],
    ['customers', { name: 'Own' }, keyOfReseller],
    ['api-keys', { name: 'Key', role, place: reseller }],
    ['users', { name: 'Rob', email: 'rob@northwind.example', role, place: reseller }],
  ]
  for (const [path, body, key] of begun) {
    const as = key === undefined ? {} : { key }
    await world.refused('reseller-management-off', 'POST', `/api/v1/${path}`, { body, ...as })
  }
  const made = await world.customer({ name: 'Directly' })
  await world.customer({ name: 'Also directly', reseller: made.reseller.id })
  await world.client(customer, { clientId: 'till-1' })
  await world.send('PATCH', '/api/v1/settings', { resellerManagement: true })
  for (const [path, body, key] of begun)
    await world.send('POST', `/api/v1/${path}`, body, key === undefined ? {} : { key })
})

onEachDatabase('a reseller shows what it has, and what its customers are allotted', async (place) => {
  await using world = await startApiWorld(place)
  const made = await world.reseller({
    name: 'Northwind',
    space: { allottedBytes: 100 },
    mcals: { allotted: 9 },
  })
  await world.customer({ name: 'A', reseller: made.id, space: { allottedBytes: 30 } })
  const b = await world.customer({ name: 'B', reseller: made.id, space: { allottedBytes: 90 } })
  assert.deepEqual(b.levelAbove, {
    name: 'Northwind',
    allottedBytes: 100,
    allottedBelowBytes: 120,
    leftBytes: -20,
  })
  const own = { key: await world.key('customer-admin', b.id) }
  const seen = await world.get<CustomerDetails>(`/api/v1/customers/${b.id}`, own)
  assert.equal(seen.levelAbove, null, 'what its reseller has sold to others is not its customer’s to see')
  const shown = await world.get<ResellerDetails>(`/api/v1/resellers/${made.id}`)
  assert.deepEqual(shown.space, {
    allottedBytes: 100,
    usedBytes: 0,
    usedBytesMonthAgo: null,
    trashBytes: 0,
    allottedBelowBytes: 120,
  })
  assert.deepEqual(shown.mcals, { allotted: 9, used: 0, usedTillDate: 0 })
  assert.equal(shown.customerCount, 2)
  const edited = await world.send<ResellerDetails>('PATCH', `/api/v1/resellers/${made.id}`, {
    ...shown,
    name: 'Südwind',
    space: { allottedBytes: null },
  })
  assert.deepEqual(edited, { ...shown, name: 'Südwind', space: { ...shown.space, allottedBytes: null } })
})

onEachDatabase(
  'resellers are listed in every order, page by page, and found by name and state',
  async (place) => {
    await using world = await startApiWorld(place)
    const names = ['echo', 'Alpha', 'delta', 'bravo', 'charlie']
    for (const name of names) await world.reseller({ name })
    const [alpha] = (await world.get<List<Reseller>>('/api/v1/resellers?search=LPH')).items
    assert.ok(alpha)
    await world.send('POST', `/api/v1/resellers/${alpha.id}/deactivate`)
    const off = await world.get<List<Reseller>>('/api/v1/resellers?state=deactivated')
    assert.deepEqual([off.total, off.items[0]?.name], [1, 'Alpha'])
    for (const sort of resellerSortColumns.flatMap((column) => [column, `-${column}`])) {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: List<Reseller> = await world.get(
          `/api/v1/resellers?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`,
        )
        seen.push(...page.items.map(({ name }) => name))
        cursor = page.nextCursor
      }
      assert.deepEqual(seen.toSorted(), [...names, 'Default Reseller'].toSorted(), sort)
      if (sort === 'createdAt') assert.deepEqual(seen, ['Default Reseller', ...names])
    }
  },
)

onEachDatabase(
  'resellers are sorted by how many customers they have, however those come, move and go',
  async (place) => {
    await using world = await startApiWorld(place)
    const big = await world.reseller({ name: 'Big' })
    await world.reseller({ name: 'Small' })
    const make = (name: string) => world.customer({ name, reseller: big.id })
    const [a] = await Promise.all([make('A'), make('B'), make('C')])
    const counted = async () => {
      const { items } = await world.get<List<Reseller>>('/api/v1/resellers?sort=-customerCount')
      return items.map(({ name, customerCount }) => `${name} ${customerCount}`)
    }
    const undelete = async () => {
      const { items } = await world.get<List<Deletion>>('/api/v1/deletions')
      await world.send('POST', `/api/v1/deletions/${items[0]?.id}/undelete`, {})
      await world.runJobs()
    }
    assert.deepEqual(await counted(), ['Big 3', 'Default Reseller 1', 'Small 0'])
    await world.send('DELETE', `/api/v1/customers/${a.id}?contents=delete`)
    assert.deepEqual(await counted(), ['Big 2', 'Default Reseller 1', 'Small 0'])
    await undelete()
    assert.deepEqual(await counted(), ['Big 3', 'Default Reseller 1', 'Small 0'])
    await world.send('DELETE', `/api/v1/resellers/${big.id}?contents=move-to-default`)
    assert.deepEqual(await counted(), ['Default Reseller 4', 'Small 0'])
    await undelete()
    assert.deepEqual(await counted(), ['Big 3', 'Default Reseller 1', 'Small 0'])
  },
)

onEachDatabase('the defaults are made once, by whichever server starts first', async (place) => {
  const clock = { now: () => Date.now() }
  const others = [place.database, await place.openAnother(), await place.openAnother()]
  await Promise.all(others.map((database) => ensureDefaults(database, clock)))
  await ensureDefaults(place.database, clock)
  for (const table of ['resellers', 'customers'] as const) {
    const rows = await place.database.queries.selectFrom(table).select('is_default').execute()
    assert.deepEqual(
      rows.map((row) => row.is_default),
      [1],
    )
  }
  const pool = await place.database.queries
    .selectFrom('licence_use')
    .select('allotted')
    .where('owner_id', '=', 'server')
    .execute()
  assert.deepEqual(
    pool.map((row) => row.allotted),
    [null],
  )
})
