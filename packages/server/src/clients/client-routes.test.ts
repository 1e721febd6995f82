import assert from 'node:assert/strict'
import type { Client, ClientWithSecret, List } from '@granary/contract'
import { CredentialHash } from '../access/access.ts'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase('a client is added with a secret shown once and an absolute vault address', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Acme' })
  const made = await world.client(customer, {
    clientId: 'Web-01',
    kind: 'server',
    space: { allottedBytes: 10 },
  })
  assert.equal(made.vaultUrl, `${world.url}/vault/acme/Web-01/`)
  assert.match(made.secret, /^[\w-]{32}$/)
  const { secret, ...shown } = made
  assert.deepEqual(await world.get(`/api/v1/clients/${made.id}`), shown)

  const hash = new CredentialHash(world.serverKey, 'client-secrets')
  const storedHash = async () => {
    const row = await place.database.queries
      .selectFrom('clients')
      .select('secret_hash')
      .where('id', '=', made.id)
      .executeTakeFirstOrThrow()
    return row.secret_hash
  }
  assert.ok(hash.matches(secret, await storedHash()))
  const reset = await world.send<ClientWithSecret>('POST', `/api/v1/clients/${made.id}/reset-credentials`)
  assert.ok(hash.matches(reset.secret, await storedHash()))
  assert.ok(!hash.matches(secret, await storedHash()), 'the old secret stops')
})

onEachDatabase(
  'client IDs are unique on the whole server in any case, also at the same instant',
  async (place) => {
    await using world = await startApiWorld(place)
    const [a, b] = [await world.customer({ name: 'A' }), await world.customer({ name: 'B' })]
    const calls = Array.from({ length: 20 }, (_, i) =>
      world.call('POST', `/api/v1/customers/${i % 2 ? a.id : b.id}/clients`, {
        body: { clientId: i % 3 ? 'mail' : 'MAIL' },
      }),
    )
    const answers = await Promise.all(calls)
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)])
  },
)

onEachDatabase('client IDs that can not stand in a path are refused', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'A' })
  for (const clientId of ['', '.', '..', 'a/b', 'ä', 'a b', 'a\n', 'x'.repeat(64), 5, null]) {
    await world.refused('invalid-request', 'POST', `/api/v1/customers/${customer.id}/clients`, {
      body: { clientId },
    })
  }
  await world.client(customer, { clientId: `${'x'.repeat(60)}._-` })
})

onEachDatabase('clients are edited, deactivated and listed in every order, page by page', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'A' })
  const ids = ['echo', 'Alpha', 'delta', 'bravo', 'charlie']
  for (const clientId of ids) await world.client(customer, { clientId })
  const list = `/api/v1/customers/${customer.id}/clients`
  for (const sort of [
    'clientId',
    '-clientId',
    'usedBytes',
    'allottedBytes',
    '-lastBackupAt',
    'createdAt',
    'kind',
  ]) {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: List<Client> = await world.get(
        `${list}?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`,
      )
      assert.equal(page.total, 5)
      seen.push(...page.items.map(({ clientId }) => clientId))
      cursor = page.nextCursor
    }
    assert.deepEqual([...seen].sort(), [...ids].sort(), sort)
    if (sort === 'clientId') assert.deepEqual(seen, ['Alpha', 'bravo', 'charlie', 'delta', 'echo'])
    if (sort === 'createdAt') assert.deepEqual(seen, ids)
  }
  const [alpha] = (await world.get<List<Client>>(`${list}?search=LPH`)).items
  assert.ok(alpha)
  const address = `/api/v1/clients/${alpha.id}`
  const patch = { ...alpha, kind: 'server', appendOnly: true, space: { allottedBytes: 7, usedBytes: 1 } }
  const edited = await world.send<Client>('PATCH', address, patch)
  assert.deepEqual(
    [edited.kind, edited.appendOnly, edited.space],
    ['server', true, { allottedBytes: 7, usedBytes: 0, usedBytesMonthAgo: null, trashBytes: 0 }],
    'what is measured can not be set',
  )
  await world.send('POST', `${address}/deactivate`)
  const off = await world.get<List<Client>>(`${list}?state=deactivated`)
  assert.deepEqual(
    off.items.map(({ id }) => id),
    [alpha.id],
  )
})

onEachDatabase(
  'no time is taken that no calendar has, and every list can be read after it',
  async (place) => {
    await using world = await startApiWorld(place)
    const customer = await world.customer({ name: 'A' })
    const { id } = await world.client(customer, { clientId: 'web01', trial: true })
    const lastOfAll = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
    for (const endsAt of [Number.MAX_SAFE_INTEGER, 8.64e15, lastOfAll + 1]) {
      await world.refused('invalid-request', 'PATCH', `/api/v1/clients/${id}`, {
        body: { trial: { endsAt } },
      })
      const body = { name: 'Key', role: 'server-read-only', expiresAt: endsAt }
      await world.refused('invalid-request', 'POST', '/api/v1/api-keys', { body })
    }
    await world.send('PATCH', `/api/v1/clients/${id}`, { trial: { endsAt: lastOfAll } })
    const { items } = await world.get<List<Client>>(`/api/v1/customers/${customer.id}/clients`)
    assert.equal(items[0]?.trial?.endsAt, lastOfAll)
  },
)
