import assert from 'node:assert/strict'
import type { CustomerDetails, Deletion, List } from '@granary/contract'
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

onEachDatabase(
  'where Settings forbid over-allotting, nothing is allotted twice by way of the trash, and what has no limit goes anywhere',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'R', ...space(100) })
    const customer = await world.customer({ name: 'A', reseller: reseller.id, ...space(80) })
    const client = await world.client(customer, { clientId: 'web', ...space(80) })
    await world.send('PATCH', '/api/v1/settings', { overAllotting: false })
    const remove = async (address: string): Promise<string> => {
      await world.send('DELETE', `/api/v1/${address}`)
      const [line] = (await world.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
      return `/api/v1/deletions/${line?.id}/undelete`
    }
    const again = async (undelete: string) => {
      await world.refused('over-allotted', 'POST', undelete, { body: {} })
    }
    const clientBack = await remove(`clients/${client.id}`)
    const other = await world.client(customer, { clientId: 'db', ...space(1) })
    await again(clientBack)
    await world.send('PATCH', `/api/v1/clients/${other.id}`, space(null))
    await world.send('POST', clientBack, {})

    world.clock.advance(1000)
    const customerBack = await remove(`customers/${customer.id}?contents=delete`)
    const late = await world.customer({ name: 'B', reseller: reseller.id, ...space(21) })
    await again(customerBack)
    await world.send('PATCH', `/api/v1/customers/${late.id}`, space(20))
    await world.send('POST', customerBack, {})

    const [byDefault] = (await world.get<List<CustomerDetails>>('/api/v1/customers?search=default')).items
    await world.send('PATCH', `/api/v1/customers/${byDefault?.id}`, space(79))
    const asReseller = { key: await world.key('reseller-admin', reseller.id) }
    const kept = await world.refused(
      'over-allotted',
      'DELETE',
      `/api/v1/customers/${customer.id}?contents=move-to-default`,
      asReseller,
    )
    assert.ok(!('limitBytes' in kept), 'what Default Customer has is none of a reseller’s business')

    await world.send('PATCH', '/api/v1/settings', { overAllotting: true })
    await world.send('PATCH', `/api/v1/resellers/${reseller.id}`, space(50))
    await world.send('PATCH', '/api/v1/settings', { overAllotting: false })
    const unlimited = await world.customer({ name: 'C', reseller: reseller.id })
    const free = await world.client(unlimited, { clientId: 'free' })
    await world.send('POST', `/api/v1/clients/${free.id}/move`, { customer: late.id })
  },
)
