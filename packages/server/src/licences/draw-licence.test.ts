import assert from 'node:assert/strict'
import { serverPoolId } from '../customers/customers.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld, type VaultWorld } from '../test-world/vault-world.ts'
import { Licences } from './draw-licence.ts'

for (const level of ['server', 'reseller', 'customer'] as const) {
  onEachDatabase(
    `60 clients of two servers draw the last 20 MCALs of a ${level}: exactly 20`,
    async (place) => {
      const world = await openVaultWorld(place.database)
      const clients = await Promise.all(
        Array.from({ length: 60 }, (_, index) => world.client(`client-${index}`)),
      )
      const [first] = clients
      assert.ok(first)
      const owner = { server: serverPoolId, reseller: first.resellerId, customer: first.customerId }[level]
      await allot(world, owner, 20)
      const elsewhere = new Licences(await place.openAnother(), world.clock)
      const outcomes = await Promise.allSettled(
        clients.map((client, index) => (index % 2 === 0 ? world.licences : elsewhere).draw(client)),
      )
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 20)
      for (const each of [serverPoolId, first.resellerId, first.customerId]) {
        assert.deepEqual(await used(world, each), { tillDate: 20, inMonth: 20 })
      }
      assert.equal(
        (await world.database.queries.selectFrom('licence_draws').selectAll().execute()).length,
        20,
      )
      const refused = outcomes.find((outcome) => outcome.status === 'rejected')
      assert.equal(refused?.reason.code, 'licence-exhausted')
      assert.equal(refused?.reason.facts.level, level)
    },
  )
}

onEachDatabase('a client draws once a month, however often it asks', async ({ database }) => {
  const world = await openVaultWorld(database)
  const client = await world.client('web01')
  assert.equal(world.licences.holds(client), false)
  await Promise.all(Array.from({ length: 10 }, () => world.licences.draw({ ...client })))
  await world.licences.draw(client)
  assert.equal(world.licences.holds(client), true)
  assert.deepEqual(await used(world, client.customerId), { tillDate: 1, inMonth: 1 })
  world.clock.advance(40 * 24 * 3_600_000)
  assert.equal(world.licences.holds(client), false)
  await world.licences.draw(client)
  assert.deepEqual(await used(world, client.customerId), { tillDate: 2, inMonth: 1 })
})

onEachDatabase(
  'who has drawn keeps its right when none is left; who has not is refused before its bytes',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const early = await world.client('early')
    const late = await world.client('late')
    await world.licences.draw(early)
    await allot(world, early.customerId, 1)
    assert.equal(world.licences.holds(early), true)
    await world.licences.draw(early)
    await assert.rejects(world.licences.expectSome(late), { code: 'licence-exhausted' })
    await assert.rejects(world.licences.draw(late), { code: 'licence-exhausted' })
    assert.equal(world.licences.holds(late), false)
  },
)

onEachDatabase(
  'who has drawn keeps its right in every process, also in one that remembers it from before',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const here = await world.client('web01')
    const elsewhere = await world.access('default', 'web01')
    await allot(world, here.customerId, 1)
    await world.licences.draw(here)
    assert.equal(world.licences.holds(elsewhere), false, 'it remembers')
    await world.licences.expectSome(elsewhere)
    await world.licences.draw(elsewhere)
    assert.deepEqual(await used(world, here.customerId), { tillDate: 1, inMonth: 1 })
  },
)

onEachDatabase(
  'a clock that is put back over the end of a month takes no right away',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const month = 31 * 24 * 3_600_000
    const [one, two, three] = [
      await world.client('one'),
      await world.client('two'),
      await world.client('three'),
    ]
    await world.licences.draw(one)
    world.clock.advance(month)
    await world.licences.draw(one)
    await world.licences.draw(two)
    world.clock.advance(-month)
    await world.licences.draw(three)
    await allot(world, one.customerId, 4)
    await world.licences.expectSome(await world.access('default', 'one'))
    world.clock.advance(month)
    await allot(world, one.customerId, 5)
    await world.licences.draw(three)
    assert.deepEqual(await used(world, one.customerId), { tillDate: 5, inMonth: 3 })
  },
)

async function allot(world: VaultWorld, ownerId: string, units: number): Promise<void> {
  await world.database.queries
    .updateTable('licence_use')
    .set({ allotted: units })
    .where('owner_id', '=', ownerId)
    .execute()
}

async function used(world: VaultWorld, ownerId: string) {
  const row = await world.database.queries
    .selectFrom('licence_use')
    .select(['used_till_date', 'used_in_month'])
    .where('owner_id', '=', ownerId)
    .executeTakeFirstOrThrow()
  return { tillDate: row.used_till_date, inMonth: row.used_in_month }
}
