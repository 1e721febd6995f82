import assert from 'node:assert/strict'
import type {
  Client,
  Customer,
  Deletion,
  LicenceAccount,
  List,
  ServerSettings,
  StatementRow,
  WaitingClient,
} from '@granary/contract'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { ApiWorld } from './api-world.ts'

interface Place {
  readonly level: 'server' | 'reseller' | 'customer'
  readonly id: string
}

/** Makes a key of each place once. */
export class PlaceKeys {
  readonly #world: ApiWorld
  readonly #keys = new Map<string, Promise<string>>()

  constructor(world: ApiWorld) {
    this.#world = world
  }

  of({ level, id }: Place): Promise<string> {
    if (level === 'server') return Promise.resolve(this.#world.adminKey)
    const known = this.#keys.get(id) ?? this.#world.key(`${level}-admin`, id)
    this.#keys.set(id, known)
    return known
  }
}

/** Lists show a place all that is its own and nothing else; what they add up to, and statements, are right. */
export async function expectListsRight(world: ApiWorld, keys: PlaceKeys, place: Place): Promise<void> {
  const { resellerManagement } = await world.get<ServerSettings>('/api/v1/settings')
  if (place.level === 'reseller' && !resellerManagement) return
  const key = await keys.of(place)
  const get = <Body>(path: string) => world.get<Body>(`/api/v1/${path}`, { key })
  const own = await ownRows(world, place)

  const customers = await get<List<Customer> & { totals: Record<string, number> }>('customers?limit=500')
  assert.equal(customers.total, own.livingCustomers.size)
  assert.deepEqual(new Set(customers.items.map(({ id }) => id)), own.livingCustomers)
  const sum = (value: (customer: Customer) => number) =>
    customers.items.reduce((all, customer) => all + value(customer), 0)
  assert.deepEqual(customers.totals, {
    usedBytes: sum(({ space }) => space.usedBytes),
    trashBytes: sum(({ space }) => space.trashBytes),
    allottedBytes: sum(({ space }) => space.allottedBytes ?? 0),
    mcalsUsedTillDate: sum(({ mcals }) => mcals.usedTillDate),
  })

  const clients = await get<List<Client>>('clients?limit=500')
  assert.equal(clients.total, own.livingClients.size)
  assert.deepEqual(new Set(clients.items.map(({ id }) => id)), own.livingClients)
  assert.equal(
    sum(({ clientCount }) => clientCount),
    clients.total,
  )

  for (const line of (await get<List<Deletion>>('deletions?limit=500')).items) {
    if (place.level === 'customer') assert.equal(line.customer?.id, place.id)
    if (place.level === 'reseller') assert.equal(line.reseller.id, place.id)
    if (line.state === 'in-trash' && line.client) assert.ok(own.clients.has(line.client.id), line.id)
  }
  for (const { customer } of (await get<List<WaitingClient>>('waiting-room?limit=500')).items)
    assert.ok(own.customers.has(customer.id))
  await expectStatementRight(world, place, get)
}

async function ownRows({ database: { queries } }: ApiWorld, { level, id }: Place) {
  const customerRows = await queries
    .selectFrom('customers')
    .select(['id', 'reseller_id', 'deleted_at'])
    .execute()
  const isOwn = { server: () => true, reseller: ofReseller, customer: ofCustomer }[level]
  const ownCustomers = customerRows.filter(isOwn)
  const customers = new Set(ownCustomers.map((row) => row.id))
  const clientRows = await queries.selectFrom('clients').select(['id', 'customer_id', 'deleted_at']).execute()
  const ownClients = clientRows.filter((row) => customers.has(row.customer_id))
  const living = (rows: readonly { id: string; deleted_at: number | null }[]) =>
    new Set(rows.filter((row) => row.deleted_at === null).map((row) => row.id))
  return {
    customers,
    clients: new Set(ownClients.map((row) => row.id)),
    livingCustomers: living(ownCustomers),
    livingClients: living(ownClients),
  }

  function ofReseller(row: { reseller_id: string }): boolean {
    return row.reseller_id === id
  }
  function ofCustomer(row: { id: string }): boolean {
    return row.id === id
  }
}

/** Opening, added and used make closing, which is the opening of the month after, and what is left now. */
async function expectStatementRight(
  world: ApiWorld,
  { level, id }: Place,
  get: <Body>(path: string) => Promise<Body>,
): Promise<void> {
  const { rows } = await get<{ rows: StatementRow[] }>('licences/statement?months=6')
  const account = await get<LicenceAccount>('licences')
  const month = calendarMonth(world.clock.now())
  assert.deepEqual([rows[0]?.month, rows[0]?.closing], [month, account.left])
  for (const [at, { opening, added, used, closing }] of rows.entries()) {
    const before = rows[at + 1]
    if (before) assert.equal(before.closing, opening)
    if (opening !== null && closing !== null) assert.equal(opening + added - used, closing, month)
  }
  const draws = await world.database.queries.selectFrom('licence_ledger').selectAll().execute()
  const ofPlace = draws.filter(
    (draw) => level === 'server' || id === (level === 'reseller' ? draw.reseller_id : draw.customer_id),
  )
  const units = (some: typeof draws) => some.reduce((all, draw) => all + draw.units, 0)
  assert.equal(account.usedTillDate, units(ofPlace))
  assert.equal(account.usedThisMonth, units(ofPlace.filter((draw) => draw.month === month)))
}
