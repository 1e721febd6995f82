import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type {
  Client,
  ClientSigns,
  DamagedObject,
  Deletion,
  List,
  ScrubProgress,
  Warning,
} from '@granary/contract'
import { MemoryVaults } from '@granary/object-store'
import { sql } from 'kysely'
import pino from 'pino'
import { purgeTrash } from '../deletions/purge-trash.ts'
import type { Database } from '../platform/database/database.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { plantWarning } from '../test-world/plant-warning.ts'
import { untilTakenIn } from '../test-world/until-taken-in.ts'
import { takeTrashNumbers } from '../vaults/trash-numbers.ts'
import { raiseWarnings } from './raise-warning.ts'
import { completeUpTo } from './read-activity.ts'

const day = 24 * 3_600_000
const megabyte = 1_000_000
const signal = () => new AbortController().signal

/** Writes into the ledger, and into what is derived from it, what a client did; bytes are only counted here. */
class Vault {
  readonly #world: ApiWorld
  readonly vaultNo: number
  #made = 0

  constructor(world: ApiWorld, vaultNo: number) {
    this.#world = world
    this.vaultNo = vaultNo
  }

  async backup(bytes: number): Promise<void> {
    await this.#store(5, bytes)
    await this.#store(3, 300)
  }

  /** The way a prune of all versions but the newest does. */
  async removeVersions(left: number): Promise<void> {
    const { queries } = this.#world.database
    const versions = await queries
      .selectFrom('objects')
      .selectAll()
      .where('vault_no', '=', this.vaultNo)
      .where('type', '=', 3)
      .orderBy('stored_at')
      .execute()
    for (const { type, name, bytes, stored_at } of versions.slice(0, versions.length - left)) {
      await queries
        .deleteFrom('objects')
        .where('vault_no', '=', this.vaultNo)
        .where('name', '=', name)
        .execute()
      await this.#note(2, type, name, bytes)
      const at = this.#world.clock.now()
      await queries
        .insertInto('trash')
        .values({
          vault_no: this.vaultNo,
          type,
          name,
          id: takeTrashNumbers(at),
          bytes,
          stored_at,
          trashed_at: at,
          until: at + day,
          actor: 'client',
        })
        .execute()
    }
  }

  async #store(type: number, bytes: number): Promise<void> {
    this.#made += 1
    const name = createHash('sha256').update(`${this.vaultNo} ${this.#made}`).digest()
    await this.#world.database.queries
      .insertInto('objects')
      .values({ vault_no: this.vaultNo, type, name, bytes, stored_at: this.#world.clock.now() })
      .execute()
    await this.#note(1, type, name, bytes)
  }

  async #note(change: number, type: number, name: Uint8Array, bytes: number): Promise<void> {
    const at = this.#world.clock.now()
    await this.#world.database.queries
      .insertInto('ledger')
      .values({ at, vault_no: this.vaultNo, change, type, name, bytes, actor: 'client', address: '' })
      .execute()
  }
}

async function vaultOf(world: ApiWorld, { id }: { id: string }): Promise<Vault> {
  const row = await world.database.queries
    .selectFrom('clients')
    .select('vault_no')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return new Vault(world, row.vault_no)
}

/** A vault of 100 MB with eight nightly versions. */
async function usualVault(world: ApiWorld, client: { id: string }): Promise<Vault> {
  const vault = await vaultOf(world, client)
  await vault.backup(100 * megabyte)
  for (let night = 1; night < 8; night += 1) {
    world.clock.advance(day)
    await vault.backup(megabyte)
  }
  await untilTakenIn(world)
  world.clock.advance(day)
  return vault
}

const signsOf = (world: ApiWorld, { id }: { id: string }) =>
  world.get<ClientSigns>(`/api/v1/clients/${id}/warning-signs`)
const signNames = ({ open }: ClientSigns) => open.map(({ sign }) => sign)

onEachDatabase('off, normal and high are inherited; two servers take the ledger in once', async (place) => {
  await using world = await startApiWorld(place)
  const reseller = await world.reseller({ name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const client = await world.client(customer, { clientId: 'till-1' })
  const vault = await usualVault(world, client)
  const other = { database: await place.openAnother(), clock: world.clock }
  await world.send('PATCH', `/api/v1/resellers/${reseller.id}/protection`, { warningSensitivity: 'off' })
  await vault.backup(90 * megabyte)
  await Promise.all([untilTakenIn(world), untilTakenIn(other)])
  const first = await signsOf(world, client)
  assert.deepEqual([first.sensitivity, first.frozen], ['off', false])
  const held = (days: ClientSigns['days']) => days.reduce((sum, one) => sum + one.storedBytes, 0)
  assert.equal(held(first.days), 197 * megabyte + 9 * 300, 'every row of the ledger once')
  assert.deepEqual([first.usual.backups, first.learning], [1, { days: 8, needed: 5 }])

  await world.send('PATCH', `/api/v1/customers/${customer.id}/protection`, { warningSensitivity: 'high' })
  world.clock.advance(2 * day)
  await vault.backup(60 * megabyte)
  await untilTakenIn(world)
  assert.deepEqual(
    signNames(await signsOf(world, client)),
    ['new-bytes'],
    '30 % are too much when it is high',
  )
  await world.refused('invalid-request', 'PATCH', `/api/v1/customers/${customer.id}/protection`, {
    body: { warningSensitivity: 'panic' },
  })
})

onEachDatabase(
  'what was expected is usual from then on; a deleted client stays frozen and is released',
  async (place) => {
    await using world = await startApiWorld(place)
    const customer = await world.customer({ name: 'Bakery' })
    const stranger = await world.key('customer-admin', (await world.customer({ name: 'Clinic' })).id)
    const client = await world.client(customer, { clientId: 'till-1' })
    const vault = await usualVault(world, client)
    await vault.backup(95 * megabyte)
    await untilTakenIn(world)
    assert.deepEqual(signNames(await signsOf(world, client)), ['deduplication-lost'])
    const release = `/api/v1/clients/${client.id}/release-trash`
    await world.refused('client-not-found', 'POST', release, { key: stranger, body: {} })
    await world.refused('not-permitted', 'POST', release, {
      key: await world.key('customer-read-only', customer.id),
      body: {},
    })
    await world.refused('invalid-request', 'POST', release, { body: { reason: 'x'.repeat(501) } })
    await world.send('POST', release, { reason: 'a new disk', expected: true })
    world.clock.advance(2 * day)
    await vault.backup(110 * megabyte)
    await untilTakenIn(world)
    assert.deepEqual(signNames(await signsOf(world, client)), [], 'as much again is nothing new')

    world.clock.advance(2 * day)
    await vault.removeVersions(1)
    await untilTakenIn(world)
    assert.deepEqual(signNames(await signsOf(world, client)), ['versions-removed'])
    await world.send('DELETE', `/api/v1/clients/${client.id}`)
    await world.letPass(30 * day)
    await world.runJobs()
    const rows = () => world.database.queries.selectFrom('trash').select('id').execute()
    assert.equal((await rows()).length, 9, 'deleted with everything, and nothing of it purged')
    const { items } = await world.get<List<Warning>>(`/api/v1/warnings?client=${client.id}&state=open`)
    assert.deepEqual([items[0]?.client.deleted, items[0]?.observed, items[0]?.held], [true, 9, 10])
    await world.send('POST', release, {})
    await world.runJobs()
    assert.equal((await rows()).length, 9, 'some days of grace')
    await world.letPass(3 * day + 1)
    await world.runJobs()
    assert.deepEqual(await rows(), [])
    const all = await world.get<List<Warning>>('/api/v1/warnings')
    assert.deepEqual(
      all.items.map(({ sign, expected, reason }) => [sign, expected, reason]),
      [
        ['versions-removed', false, ''],
        ['deduplication-lost', true, 'a new disk'],
      ],
    )
  },
)

onEachDatabase('a clock that was far ahead and was set right makes nobody blind', async (place) => {
  await using world = await startApiWorld(place)
  const client = await world.client(await world.customer({ name: 'Bakery' }), { clientId: 'till-1' })
  const vault = await usualVault(world, client)
  world.clock.advance(365 * day)
  await vault.backup(megabyte)
  world.clock.advance(day)
  await vault.backup(megabyte)
  await untilTakenIn(world)
  world.clock.advance(-366 * day)
  await vault.backup(megabyte)
  await untilTakenIn(world)
  // Both within what is taken in at once.
  world.clock.advance(day + 400 * day)
  await vault.backup(megabyte)
  world.clock.advance(-400 * day)
  await vault.backup(megabyte)
  await untilTakenIn(world)
  for (let night = 0; night < 2; night += 1) {
    world.clock.advance(day)
    await vault.backup(megabyte)
    await untilTakenIn(world)
  }
  const quiet = await signsOf(world, client)
  assert.deepEqual(signNames(quiet), [])
  assert.ok(quiet.days.every(({ beganAt }) => beganAt <= world.clock.now()))
  world.clock.advance(day)
  await vault.backup(90 * megabyte)
  await untilTakenIn(world)
  assert.deepEqual(signNames(await signsOf(world, client)), ['deduplication-lost'])
})

onEachDatabase('a purge that somebody asked for before the alarm waits for the release', async (place) => {
  await using world = await startApiWorld(place)
  const client = await world.client(await world.customer({ name: 'Bakery' }), { clientId: 'till-1' })
  const vault = await usualVault(world, client)
  await vault.removeVersions(3)
  const { items } = await world.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)
  await world.send('POST', `/api/v1/deletions/${items[0]?.id}/purge`, { reason: 'asked by law' })
  await plantWarning(world.database, client.id)
  const left = async () => (await world.database.queries.selectFrom('trash').select('id').execute()).length
  await world.runJobs()
  assert.equal(await left(), 5)
  await world.send('POST', `/api/v1/clients/${client.id}/release-trash`, {})
  world.clock.advance(3_600_000)
  await world.runJobs()
  assert.equal(await left(), 0, 'a person need not wait for the days of grace')
})

onEachDatabase(
  'a purge and an alarm at the same instant: what is purged was purged before',
  async (place) => {
    await using world = await startApiWorld(place)
    const customer = await world.customer({ name: 'Bakery' })
    const purger = await place.openAnother()
    const store = new MemoryVaults()
    let keptSome = 0
    for (let round = 0; round < 12; round += 1) {
      const client = await world.client(customer, { clientId: `till-${round}` })
      const { vaultNo } = await vaultOf(world, client)
      await fillTrash(world.database, vaultNo, 1100)
      const purging = purgeTrash({
        database: purger,
        store,
        clock: world.clock,
        log: pino({ level: 'silent' }),
      })
      const warned = {
        ...{ id: client.id, client_id: client.clientId, vault_no: vaultNo, customer_id: customer.id },
        ...{ customer: customer.name, reseller_id: customer.reseller.id },
      }
      const left = (database: Pick<Database, 'queries'>) =>
        database.queries
          .selectFrom('trash')
          .select((eb) => eb.fn.countAll<number>().as('rows'))
          .where('vault_no', '=', vaultNo)
          .executeTakeFirstOrThrow()
      // The alarm falls at another moment of the purge each time.
      for (let turns = 0; turns < round * 6; turns += 1) await new Promise(setImmediate)
      const atTheAlarm = await world.database.transaction(async (transaction) => {
        const sign = { sign: 'data-removed', observed: 1, usual: 0, held: 1, since: 1 } as const
        await raiseWarnings(transaction, world.database.changeCounter, warned, [sign], world.clock.now())
        return left({ queries: transaction })
      })
      await purging
      assert.equal((await left(world.database)).rows, atTheAlarm.rows)
      if (atTheAlarm.rows > 0) keptSome += 1
      await world.database.queries.deleteFrom('trash').where('vault_no', '=', vaultNo).execute()
    }
    assert.ok(keptSome > 0, 'in some rounds the alarm was first')
  },
)

async function fillTrash({ queries }: Database, vaultNo: number, rows: number): Promise<void> {
  const values = Array.from({ length: rows }, (_, n) => ({
    ...{ vault_no: vaultNo, type: 5, bytes: 1, stored_at: 1, trashed_at: 2, until: 3, deletion_id: 'del_x' },
    name: createHash('sha256').update(`${n}`).digest(),
    id: n + 1,
  }))
  await queries.insertInto('trash').values(values).execute()
}

onEachDatabase('rows that are still being written are waited for', async (place) => {
  const { database } = place
  const row = {
    at: 1,
    vault_no: 1,
    change: 1,
    type: 5,
    name: Buffer.alloc(32),
    bytes: 1,
    actor: 'client',
    address: '',
  }
  const writer = await place.openAnother()
  let complete: Promise<number | null> | undefined
  await writer.transaction(async (transaction) => {
    await transaction.insertInto('ledger').values(row).execute()
    if (database.kind === 'postgres') await database.queries.insertInto('ledger').values(row).execute()
    complete = completeUpTo(database, signal())
    // Long enough to have answered, had it not waited.
    await sql`select 1`.execute(database.queries)
    await sql`select 1`.execute(database.queries)
  })
  assert.equal(await complete, database.kind === 'postgres' ? 2 : 0)
  const { rows } = await database.queries
    .selectFrom('ledger')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  assert.equal(rows, database.kind === 'postgres' ? 2 : 1)
})

onEachDatabase('a clock that is far off is a sign, and keys that are gone are one', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'till-1' })
  const authorization = `Basic ${Buffer.from(`till-1:${client.secret}`).toString('base64')}`
  const path = new URL(client.vaultUrl).pathname
  const ask = async (date: string) => {
    const answer = await world.call('GET', `${path}keys/`, { key: null, headers: { authorization, date } })
    assert.equal(answer.status, 200)
    await untilTakenIn(world)
    return signsOf(world, client)
  }
  const said = (aheadMs: number) => new Date(world.clock.now() + aheadMs).toUTCString()
  assert.equal((await ask('the day before yesterday')).clockAheadMs, null)
  assert.equal((await ask(said(60_000))).clockAheadMs, null)
  assert.equal((await ask(said(5 * 3_600_000))).open.length, 0)
  assert.ok(Math.abs((await ask(said(0))).clockAheadMs ?? 0) < 1, 'it was set right')
  const signs = await ask(said(-40 * day))
  assert.deepEqual(signNames(signs), ['clock-skew'])
  assert.ok(Math.abs((signs.clockAheadMs ?? 0) + 40 * day) < 60_000)
  await world.send('POST', `/api/v1/clients/${client.id}/release-trash`, {})

  const vault = await usualVault(world, client)
  const { queries } = world.database
  const entry = {
    vault_no: vault.vaultNo,
    type: 1,
    name: Buffer.alloc(32),
    bytes: 1,
    actor: 'client',
    address: '',
  }
  await queries
    .insertInto('ledger')
    .values({ ...entry, at: world.clock.now(), change: 2 })
    .execute()
  await untilTakenIn(world)
  assert.deepEqual(signNames(await signsOf(world, client)), ['repository-stripped'])
})

onEachDatabase('damage is listed by client, told once, and over when it is healed', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'till-1' })
  const vault = await vaultOf(world, client)
  await vault.backup(megabyte)
  const { queries } = world.database
  await world.runJobs()
  world.clock.advance(6 * 60_000)
  await world.runJobs()
  const list = (query = '') => world.get<List<DamagedObject>>(`/api/v1/damage?${query}`)
  const { items } = await list(`client=${client.id}`)
  assert.deepEqual(items.map(({ type, damage, state }) => [type, damage, state]).toSorted(), [
    ['data', 'missing', 'damaged'],
    ['snapshots', 'missing', 'damaged'],
  ])
  const marked = await world.get<List<Client>>(`/api/v1/customers/${customer.id}/clients?attention=damage`)
  assert.equal(marked.items[0]?.damagedObjects, 2)
  const open = async () =>
    (await world.get<List<{ id: string }>>('/api/v1/alerts?kind=damage-found&state=open')).total
  assert.equal(await open(), 1)
  const progress = await world.get<ScrubProgress>('/api/v1/scrub')
  assert.deepEqual([progress.damagedObjects, progress.damagedClients], [2, 1])
  assert.ok(progress.lastRoundEndedAt !== null)
  const firstFound = items[0]?.foundAt

  world.clock.advance(day)
  await world.runJobs()
  assert.equal((await list()).items[0]?.foundAt, firstFound, 'found when it was found first')
  await queries
    .updateTable('damaged_objects')
    .set({ healed_at: world.clock.now(), healed_from: '/copies' })
    .where('type', '=', 5)
    .execute()
  await queries.deleteFrom('objects').where('type', '=', 3).execute()
  await queries.deleteFrom('objects').where('type', '=', 5).execute()
  const asCustomer = { key: await world.key('customer-admin', customer.id) }
  const seen = await world.get<List<DamagedObject>>('/api/v1/damage', asCustomer)
  assert.deepEqual(seen.items.map(({ state, healedFrom }) => [state, healedFrom]).toSorted(), [
    ['healed', null],
    ['removed', null],
  ])
  assert.equal((await list('state=healed')).items[0]?.healedFrom, '/copies')
  world.clock.advance(6 * 60_000)
  await world.runJobs()
  assert.equal(await open(), 0)
})
