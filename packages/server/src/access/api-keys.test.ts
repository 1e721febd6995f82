import assert from 'node:assert/strict'
import type { ApiKeyInput, List } from '@granary/contract'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

interface ApiKey {
  id: string
  key: string
  role: string
  place: string | null
  expiresAt: number | null
  lastUsedAt: number | null
}

onEachDatabase('a key works until it expires or is revoked, in every process', async (place) => {
  await using world = await startApiWorld(place)
  await using other = await startApiWorld({
    database: await place.openAnother(),
    dataFolder: place.dataFolder,
  })
  const made = await create(world, {
    name: 'CI',
    role: 'server-read-only',
    expiresAt: world.clock.now() + 60_000,
  })
  assert.match(made.key, /^granary_[\w-]{32}$/)
  await other.get('/api/v1/customers', { key: made.key })
  world.clock.advance(60_001)
  await world.refused('api-key-invalid', 'GET', '/api/v1/customers', { key: made.key })
  const second = await create(world, { name: 'CI', role: 'server-read-only' })
  await world.send('DELETE', `/api/v1/api-keys/${second.id}`)
  await other.refused('api-key-invalid', 'GET', '/api/v1/customers', { key: second.key })
  await world.refused('api-key-not-found', 'DELETE', `/api/v1/api-keys/${second.id}`)
})

onEachDatabase('a key that expires makes none that works any longer', async (place) => {
  await using world = await startApiWorld(place)
  const expiresAt = world.clock.now() + 60_000
  const maker = await create(world, { name: 'For an hour', role: 'server-admin', expiresAt })
  const wanted = { name: 'Heir', role: 'server-admin' } as const
  for (const later of [expiresAt + 1, null]) {
    const body = { ...wanted, expiresAt: later }
    const problem = await world.refused('invalid-request', 'POST', '/api/v1/api-keys', {
      key: maker.key,
      body,
    })
    assert.deepEqual(
      (problem.errors as { path: string; code: string }[]).map(({ path, code }) => [path, code]),
      [['expiresAt', 'beyond-own-key']],
    )
  }
  assert.equal((await create(world, wanted, maker.key)).expiresAt, expiresAt, 'with it, if nothing is said')
  assert.equal((await create(world, { ...wanted, expiresAt }, maker.key)).expiresAt, expiresAt)
  const byPerson = await world.send<ApiKey>(
    ...(['POST', '/api/v1/api-keys', wanted] as const),
    await world.user('server-admin'),
  )
  assert.equal(byPerson.expiresAt, null)
})

onEachDatabase('when a key was last used is noted, at most once a minute', async (place) => {
  await using world = await startApiWorld(place)
  const made = await create(world, { name: 'CI', role: 'server-read-only' })
  const lastUsed = async () => {
    const list = await world.get<List<ApiKey>>('/api/v1/api-keys?search=ci')
    return list.items[0]?.lastUsedAt ?? 0
  }
  assert.equal(await lastUsed(), 0)
  await world.get('/api/v1/session', { key: made.key })
  const first = await lastUsed()
  assert.ok(first > 0)
  world.clock.advance(30_000)
  await world.get('/api/v1/session', { key: made.key })
  assert.equal(await lastUsed(), first)
  world.clock.advance(31_000)
  await world.get('/api/v1/session', { key: made.key })
  assert.ok((await lastUsed()) > first)
})

onEachDatabase(
  'keys are made at or below one’s own place, with no more than one’s own level',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'R' })
    const customer = await world.customer({ name: 'C', reseller: reseller.id })
    const key = await world.key('reseller-admin', reseller.id)
    const refusals = [
      ['not-permitted', { name: 'x', role: 'server-read-only' }],
      ['customer-not-found', { name: 'x', role: 'customer-admin', place: 'cus_unknown' }],
      ['reseller-not-found', { name: 'x', role: 'reseller-admin', place: customer.id }],
      ['invalid-request', { name: 'x', role: 'customer-admin' }],
      ['invalid-request', { name: 'x', role: 'reseller-admin', expiresAt: 1 }],
    ] as const
    for (const [code, body] of refusals) await world.refused(code, 'POST', '/api/v1/api-keys', { key, body })
    const own = await create(world, { name: 'own', role: 'reseller-operator' }, key)
    assert.equal(own.place, reseller.id)
    const below = await create(world, { name: 'below', role: 'customer-admin', place: customer.id }, key)
    const seen = await world.get<List<ApiKey>>('/api/v1/api-keys', { key })
    assert.deepEqual(
      seen.items.map(({ id }) => id).toSorted(),
      [own.id, below.id, seen.items.at(-1)?.id].toSorted(),
    )
    assert.equal(seen.total, 3, 'its own, the one of its place and the one below; not the server’s')
  },
)

function create(world: ApiWorld, body: ApiKeyInput, key?: string): Promise<ApiKey> {
  return world.send('POST', '/api/v1/api-keys', body, key === undefined ? {} : { key })
}
