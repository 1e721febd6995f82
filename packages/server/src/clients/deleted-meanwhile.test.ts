import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomerDetails } from '@granary/contract'
import { type Answer, type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { openTestPlace } from '../test-world/on-each-database.ts'
import { untilBlocked } from '../test-world/until-blocked.ts'

type Call = (world: ApiWorld, customer: CustomerDetails) => Promise<Answer<{ code?: string }>>

const ways: Record<string, Call> = {
  added: (world, customer) =>
    world.call('POST', `/api/v1/customers/${customer.id}/clients`, { body: { clientId: 'web01' } }),
  'let in': (world, customer) => {
    const credentials = Buffer.from(`web01:${customer.passKey}.secret-of-its-own`).toString('base64')
    return world.call('GET', `/vault/${customer.urlKey}/web01/config`, {
      key: null,
      headers: { authorization: `Basic ${credentials}` },
    })
  },
  moved: async (world, customer) => {
    const { items } = await world.get<{ items: { id: string }[] }>('/api/v1/clients?search=elsewhere')
    return world.call('POST', `/api/v1/clients/${items[0]?.id}/move`, { body: { customer: customer.id } })
  },
}

for (const [how, call] of Object.entries(ways)) {
  test(`no client is ${how} where its customer is deleted at the same instant (postgres)`, async () => {
    await using place = await openTestPlace('postgres')
    await using world = await startApiWorld(place)
    await world.client(await world.customer({ name: 'Elsewhere' }), { clientId: 'elsewhere' })
    const customer = await world.customer({ name: 'Bakery', autoAuthorization: true })
    const { database } = place
    const calling = await database.transaction(async (transaction) => {
      await transaction
        .updateTable('customers')
        .set({ deleted_at: world.clock.now() })
        .where('id', '=', customer.id)
        .execute()
      const called = [call(world, customer)]
      await untilBlocked(database)
      return called
    })
    const [answer] = await Promise.all(calling)
    assert.ok(answer && answer.status >= 400, `${answer?.status}`)
    const { living } = await database.queries
      .selectFrom('clients')
      .select((eb) => eb.fn.countAll<number>().as('living'))
      .where('customer_id', '=', customer.id)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
    assert.equal(living, 0)
    assert.ok(!JSON.stringify(world.log).includes('Request failed'), JSON.stringify(world.log))
  })
}

test('no customer is added where its reseller is deleted at the same instant (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await startApiWorld(place)
  const reseller = await world.reseller({ name: 'Northwind' })
  const { database } = place
  const calling = await database.transaction(async (transaction) => {
    await transaction
      .updateTable('resellers')
      .set({ deleted_at: world.clock.now() })
      .where('id', '=', reseller.id)
      .execute()
    const called = [
      world.refused('reseller-not-found', 'POST', '/api/v1/customers', {
        body: { name: 'Bakery', reseller: reseller.id },
      }),
    ]
    await untilBlocked(database)
    return called
  })
  await Promise.all(calling)
})
