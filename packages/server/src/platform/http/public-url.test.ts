import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startApiWorld } from '../../test-world/api-world.ts'
import { openTestPlace } from '../../test-world/on-each-database.ts'

test('a Host header that is no host is refused, whatever it resembles', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  for (const host of ['a:99999', '256.256.256.256', '1.2.3.4.5', '[:::::]', 'a b']) {
    const headers = { host, origin: 'http://elsewhere.example' }
    for (const [method, path, key] of [
      ['GET', `/api/v1/customers/${customer.id}`, world.adminKey],
      ['POST', '/api/v1/session/passkey/begin', null],
    ] as const) {
      const { status } = await world.call(method, path, { key, headers })
      assert.equal(status, 400, `${method} at ${host}`)
    }
  }
  assert.deepEqual(world.log, [])
})
