import assert from 'node:assert/strict'
import { type Client, type Customer, customerSortColumns, type Deletion, type List } from '@granary/contract'
import { fillTenancy } from '@granary/testing/seeds'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

const size = { resellers: 7, customers: 60, clients: 240 }

type Page = List<Customer> & {
  totals: { usedBytes: number; trashBytes: number; allottedBytes: number; mcalsUsedTillDate: number }
}

const values: Record<(typeof customerSortColumns)[number], (customer: Customer) => string | number> = {
  name: ({ name }) => name.normalize('NFKC').toLowerCase(),
  reseller: ({ reseller }) => reseller.name.normalize('NFKC').toLowerCase(),
  mcalsAllotted: ({ mcals }) => mcals.allotted ?? Number.MAX_SAFE_INTEGER,
  mcalsUsedTillDate: ({ mcals }) => mcals.usedTillDate,
  allottedBytes: ({ space }) => space.allottedBytes ?? Number.MAX_SAFE_INTEGER,
  usedBytes: ({ space }) => space.usedBytes,
  trashBytes: ({ space }) => space.trashBytes,
  clientCount: ({ clientCount }) => clientCount,
  createdAt: ({ createdAt }) => createdAt,
}

onEachDatabase('paging shows every customer once, in the order asked for, by any column', async (place) => {
  await using world = await startApiWorld(place)
  await fillTenancy(place.database, size)
  for (const column of customerSortColumns) {
    for (const sort of [column, `-${column}`]) {
      const all = await everyPage(world, `sort=${sort}&limit=17`)
      assert.equal(new Set(all.map(({ id }) => id)).size, size.customers + 1, sort)
      const shown = all.map(values[column])
      const sorted = shown.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      assert.deepEqual(shown, sort === column ? sorted : sorted.toReversed(), sort)
    }
  }
})

onEachDatabase('filters show who fits and no one else, with totals over all pages', async (place) => {
  await using world = await startApiWorld(place)
  await fillTenancy(place.database, size)
  const all = await everyPage(world, 'limit=500')
  const isNear = ({ space }: Customer) =>
    space.allottedBytes !== null && space.usedBytes >= 0.8 * space.allottedBytes
  const someReseller = all[10]?.reseller.id ?? ''
  const filters: [query: string, fits: (customer: Customer) => boolean][] = [
    ['search=AKER', ({ name }) => /aker/i.test(name)],
    ['search=%25', () => false],
    ['search=_', () => false],
    ['state=deactivated', ({ state }) => state === 'deactivated'],
    ['autoAuthorization=true', ({ autoAuthorization }) => autoAuthorization],
    ['nearLimit=true', isNear],
    ['nearLimit=false', (customer) => !isNear(customer)],
    [`reseller=${someReseller}`, ({ reseller }) => reseller.id === someReseller],
    [
      'state=active&search=a&nearLimit=false',
      (one) => one.state === 'active' && /a/i.test(one.name) && !isNear(one),
    ],
  ]
  for (const [query, fits] of filters) {
    const expected = all.filter(fits)
    const page = await world.get<Page>(`/api/v1/customers?limit=3&sort=-usedBytes&${query}`)
    assert.equal(page.total, expected.length, query)
    assert.deepEqual(page.totals, {
      usedBytes: sum(expected, ({ space }) => space.usedBytes),
      trashBytes: sum(expected, ({ space }) => space.trashBytes),
      allottedBytes: sum(expected, ({ space }) => space.allottedBytes ?? 0),
      mcalsUsedTillDate: sum(expected, ({ mcals }) => mcals.usedTillDate),
    })
    const listed = await everyPage(world, `limit=20&sort=-clientCount&${query}`)
    assert.deepEqual(ids(listed), ids(expected), query)
  }
})

onEachDatabase(
  'a customer’s clients are counted through adding, moving, deleting and undeleting',
  async (place) => {
    await using world = await startApiWorld(place)
    const [a, b] = [await world.customer({ name: 'A' }), await world.customer({ name: 'B' })]
    const counted = async () =>
      Promise.all(
        [a, b].map(async ({ id }) => {
          const { clientCount } = await world.get<Customer>(`/api/v1/customers/${id}`)
          const { total } = await world.get<List<Client>>(`/api/v1/customers/${id}/clients`)
          assert.equal(clientCount, total)
          return clientCount
        }),
      )
    const added = await Promise.all(
      ['one', 'two', 'three', 'four'].map((clientId) => world.client(a, { clientId })),
    )
    const [one, two, three] = added.map(({ id }) => `/api/v1/clients/${id}`)
    assert.deepEqual(await counted(), [4, 0])
    // There and back again at the same time: neither waits for the other for good.
    await Promise.all([
      world.send('POST', `${one}/move`, { customer: b.id }),
      world.send('POST', `${two}/move`, { customer: b.id }),
      world.client(b, { clientId: 'five' }),
    ])
    assert.deepEqual(await counted(), [2, 3])
    await Promise.all([
      world.send('POST', `${one}/move`, { customer: a.id }),
      world.send('POST', `${three}/move`, { customer: b.id }),
    ])
    assert.deepEqual(await counted(), [2, 3])
    await world.send('DELETE', three ?? '')
    assert.deepEqual(await counted(), [2, 2])
    const { items } = await world.get<List<Deletion>>('/api/v1/deletions')
    await world.send('POST', `/api/v1/deletions/${items[0]?.id}/undelete`, {})
    await world.runJobs()
    assert.deepEqual(await counted(), [2, 3])
  },
)

onEachDatabase('limits whose sum no number holds do not break the list', async (place) => {
  await using world = await startApiWorld(place)
  const allottedBytes = Number.MAX_SAFE_INTEGER
  for (const name of ['A', 'B', 'C']) await world.customer({ name, space: { allottedBytes } })
  const page = await world.get<Page>('/api/v1/customers')
  assert.equal(page.totals.allottedBytes, allottedBytes)
  await world.get('/api/v1/resellers')
})

onEachDatabase('a cursor belongs to one sort and one search', async (place) => {
  await using world = await startApiWorld(place)
  await fillTenancy(place.database, size)
  const { nextCursor } = await world.get<Page>('/api/v1/customers?limit=5&sort=usedBytes&state=active')
  const path = `/api/v1/customers?cursor=${nextCursor}`
  await world.get(`${path}&limit=9&sort=usedBytes&state=active`)
  for (const other of [
    'sort=usedBytes',
    'sort=-usedBytes&state=active',
    'sort=usedBytes&state=active&search=a',
  ]) {
    await world.refused('invalid-cursor', 'GET', `${path}&${other}`)
  }
  const [fingerprint, , id] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString())
  for (const forged of [
    [fingerprint, 'text', id],
    [fingerprint, 1.5, id],
    [fingerprint, 1, 7],
    [fingerprint, 1],
    {},
  ]) {
    const cursor = Buffer.from(JSON.stringify(forged)).toString('base64url')
    const address = `/api/v1/customers?sort=usedBytes&state=active&cursor=${cursor}`
    await world.refused('invalid-cursor', 'GET', address)
  }
})

async function everyPage(world: ApiWorld, query: string): Promise<Customer[]> {
  const all: Customer[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page = await world.get(`/api/v1/customers?${query}${cursor && `&cursor=${cursor}`}`)
    all.push(...page.items)
    cursor = page.nextCursor
  }
  return all
}

function sum(customers: readonly Customer[], value: (customer: Customer) => number): number {
  return customers.reduce((total, customer) => total + value(customer), 0)
}

function ids(customers: readonly Customer[]): string[] {
  return customers.map(({ id }) => id).toSorted()
}
