import assert from 'node:assert/strict'
import type { Client, List } from '@granary/contract'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { readSpaceHistory } from './read-space-history.ts'
import { dayMs, dayOf, recordSpace } from './record-space.ts'

type Space = Client['space']

onEachDatabase(
  'used space is remembered by the day, and shown as far back as asked',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const client = await world.client('web01')
    for (const content of ['ten bytes.', 'ten more b', 'and ten mo']) {
      await world.put(client, 'data', content)
      await recordSpace(world)
      await recordSpace(world)
      world.clock.advance(2 * dayMs)
    }
    const now = world.clock.now()
    const history = (days: number) =>
      readSpaceHistory(database.queries, { id: client.id, usedBytes: 30 }, days, now)
    const read = async (days: number) => (await history(days)).points.map(({ usedBytes }) => usedBytes)
    assert.deepEqual(await read(30), [10, 20, 30, 30])
    assert.deepEqual(await read(4), [20, 30, 30])
    assert.deepEqual(await read(1), [30, 30])
    const { points } = await history(30)
    assert.ok(
      points.every(({ at }, n) => n === 0 || at > (points[n - 1]?.at ?? 0)),
      'in order',
    )
    const rows = () => database.queries.selectFrom('space_days').selectAll().execute()
    assert.equal(
      (await rows()).filter((row) => row.owner_id === client.customerId).length,
      3,
      'customers too',
    )
    world.clock.advance(401 * dayMs)
    await recordSpace(world)
    assert.deepEqual(await rows(), [])
  },
)

onEachDatabase('a month ago is what was noted last before, at every level', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'till-1' })
  const today = dayOf(world.clock.now())
  const owners = [client.id, customer.id, customer.reseller.id]
  const note = async (daysAgo: number, bytes: number) =>
    place.database.transaction(async (transaction) => {
      for (const owner_id of owners)
        await transaction
          .insertInto('space_days')
          .values({ owner_id, day: today - daysAgo, used_bytes: bytes })
          .execute()
    })
  const shown = async () => {
    const lists = ['resellers', 'customers', 'clients'].map(async (list) => {
      const { items } = await world.get<List<{ id: string; space: Space }>>(`/api/v1/${list}`)
      return items.find(({ id }) => owners.includes(id))?.space.usedBytesMonthAgo
    })
    const { space } = await world.get<Client>(`/api/v1/clients/${client.id}`)
    return [...(await Promise.all(lists)), space.usedBytesMonthAgo]
  }
  await note(29, 700)
  assert.deepEqual(await shown(), [null, null, null, null])
  await note(34, 300)
  await note(50, 100)
  assert.deepEqual(await shown(), [300, 300, 300, 300])
  await note(30, 500)
  assert.deepEqual(await shown(), [500, 500, 500, 500])
})
