import assert from 'node:assert/strict'
import type { CustomerDetails } from '@granary/contract'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

const space = (allottedBytes: number | null) => ({ space: { allottedBytes } })

onEachDatabase('where Settings forbid it, no more is allotted below a level than it has', async (place) => {
  await using world = await startApiWorld(place)
  const reseller = await world.reseller({ name: 'R', ...space(100) })
  const customer = await world.customer({ name: 'A', reseller: reseller.id, ...space(80) })
  const over = await world.customer({ name: 'B', reseller: reseller.id, ...space(80) })
  assert.equal(over.levelAbove?.leftBytes, -60, 'allowed, and shown')
  await world.send('PATCH', '/api/v1/settings', { overAllotting: false })

  await world.send('PATCH', `/api/v1/customers/${over.id}`, await world.get(`/api/v1/customers/${over.id}`))
  const refusals = [
    ['PATCH', `/api/v1/customers/${customer.id}`, space(81)],
    ['POST', '/api/v1/customers', { name: 'C', reseller: reseller.id, ...space(1) }],
    ['PATCH', `/api/v1/resellers/${reseller.id}`, space(120)],
    ['POST', `/api/v1/customers/${customer.id}/clients`, { clientId: 'web', ...space(81) }],
  ] as const
  for (const [method, path, body] of refusals) await world.refused('over-allotted', method, path, { body })
  await world.send('PATCH', `/api/v1/resellers/${reseller.id}`, space(160))
  await world.customer({ name: 'C', reseller: reseller.id, ...space(null) })
  await world.send('PATCH', `/api/v1/resellers/${reseller.id}`, space(200))

  const [one, two] = [
    await world.client(customer, { clientId: 'one' }),
    await world.client(customer, { clientId: 'two' }),
  ]
  const answers = await Promise.all(
    [one, two, one, two].map(({ id }) => world.call('PATCH', `/api/v1/clients/${id}`, { body: space(50) })),
  )
  const statuses = answers.map(({ status }) => status)
  assert.ok(statuses.includes(200) && statuses.includes(409), String(statuses))
  const rows = await place.database.queries
    .selectFrom('space')
    .select('allotted_bytes')
    .where('owner_id', 'in', [one.id, two.id])
    .execute()
  assert.deepEqual(
    rows.map((row) => row.allotted_bytes).sort(),
    [50, null],
    'at the same instant, one of them',
  )
  const names = await world.get<CustomerDetails>(`/api/v1/customers/${customer.id}`)
  assert.equal(names.name, 'A')
  await world.send('PATCH', `/api/v1/customers/${customer.id}`, { name: 'A is renamed' })
})
