import assert from 'node:assert/strict'
import type { Customer, CustomerDetails, List } from '@granary/contract'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase('a customer is created, shown, renamed and keeps everything else', async (place) => {
  await using world = await startApiWorld(place)
  const made = await world.customer({
    name: '  Bäckerei   Müller ',
    space: { allottedBytes: 2_000_000 },
    mcals: { allotted: 40 },
    information: { city: 'Wien', taxNumber: 'ATU1' },
  })
  assert.equal(made.name, 'Bäckerei Müller')
  assert.equal(made.urlKey, 'backerei-muller')
  assert.equal(made.reseller.name, 'Default Reseller')
  assert.equal(made.autoAuthorization, false)
  assert.match(made.passKey ?? '', /^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)

  const renamed = await world.send<CustomerDetails>('PATCH', `/api/v1/customers/${made.id}`, {
    name: 'Konditorei',
  })
  assert.deepEqual(renamed, { ...made, name: 'Konditorei' })
  assert.deepEqual(await world.get(`/api/v1/customers/${made.id}`), renamed)
})

onEachDatabase('what was read may be sent back whole; a misspelt field is refused by name', async (place) => {
  await using world = await startApiWorld(place)
  const made = await world.customer({ name: 'Acme' })
  const address = `/api/v1/customers/${made.id}`
  assert.deepEqual(await world.send('PATCH', address, made), made)
  const problem = await world.refused('invalid-request', 'PATCH', address, { body: { nmae: 'x' } })
  const unknown = { message: 'There is no such field.', code: 'no-such-field', parameters: {} }
  assert.deepEqual(problem.errors, [{ path: 'nmae', ...unknown }])
  const nested = await world.refused('invalid-request', 'PATCH', address, { body: { space: { alotted: 1 } } })
  assert.deepEqual(nested.errors, [{ path: 'space.alotted', ...unknown }])
})

onEachDatabase('names are unique on the whole server, in any case and spacing', async (place) => {
  await using world = await startApiWorld(place)
  const north = await world.reseller({ name: 'Northwind' })
  await world.customer({ name: 'Café  Zürich' })
  for (const name of ['café zürich', ' CAFÉ ZÜRICH ', 'Cafe\u0301 Zu\u0308rich', 'ＣＡＦÉ Zürich']) {
    await world.refused('name-taken', 'POST', '/api/v1/customers', { body: { name, reseller: north.id } })
  }
  const other = await world.customer({ name: 'Other' })
  await world.refused('name-taken', 'PATCH', `/api/v1/customers/${other.id}`, {
    body: { name: 'CAFÉ Zürich' },
  })
})

onEachDatabase('fifty creates of one name at the same instant make exactly one customer', async (place) => {
  await using world = await startApiWorld(place)
  const calls = Array.from({ length: 50 }, () =>
    world.call<{ code?: string }>('POST', '/api/v1/customers', { body: { name: 'Race' } }),
  )
  const answers = await Promise.all(calls)
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal(answers.filter(({ body }) => body.code === 'name-taken').length, 49)
  const list = await world.get<List<Customer>>('/api/v1/customers?search=race')
  assert.equal(list.total, 1)
})

onEachDatabase('URL keys stay unique for ever, also after a deletion', async (place) => {
  await using world = await startApiWorld(place)
  const first = await world.customer({ name: 'Acme' })
  await world.send('DELETE', `/api/v1/customers/${first.id}`)
  const second = await world.customer({ name: 'Acme' })
  const third = await world.customer({ name: 'ACME!' })
  assert.deepEqual([first.urlKey, second.urlKey, third.urlKey], ['acme', 'acme-2', 'acme-3'])
  await world.refused('url-key-taken', 'POST', '/api/v1/customers', { body: { name: 'New', urlKey: 'acme' } })
  const names = Array.from({ length: 20 }, (_, i) => world.customer({ name: `Same${'!'.repeat(i)}` }))
  assert.equal(new Set((await Promise.all(names)).map(({ urlKey }) => urlKey)).size, 20)
})

onEachDatabase('customers begin with their reseller’s setting of auto authorization', async (place) => {
  await using world = await startApiWorld(place)
  const open = await world.reseller({ name: 'Open', autoAuthorization: true })
  assert.equal((await world.customer({ name: 'A', reseller: open.id })).autoAuthorization, true)
  assert.equal(
    (await world.customer({ name: 'B', reseller: { id: open.id, name: 'x' } })).reseller.id,
    open.id,
  )
  const asked = await world.customer({ name: 'C', reseller: open.id, autoAuthorization: false })
  assert.equal(asked.autoAuthorization, false)
  const list = await world.get<List<Customer>>('/api/v1/customers?search=default')
  assert.equal(list.items[0]?.autoAuthorization, true, 'Default Customer lets machines in')
})

onEachDatabase('deactivating works at once and again; the default can not be deactivated', async (place) => {
  await using world = await startApiWorld(place)
  const { id } = await world.customer({ name: 'Acme' })
  const before = place.database.changeCounter.current()
  for (const state of ['deactivated', 'deactivated', 'active'] as const) {
    const action = state === 'active' ? 'activate' : 'deactivate'
    const shown = await world.send<CustomerDetails>('POST', `/api/v1/customers/${id}/${action}`)
    assert.equal(shown.state, state)
  }
  if (place.database.kind === 'sqlite') assert.equal(place.database.changeCounter.current(), before + 3)
  const [standard] = (await world.get<List<Customer>>('/api/v1/customers?search=default')).items
  assert.ok(standard?.isDefault)
  const address = `/api/v1/customers/${standard.id}`
  await world.refused('default-is-permanent', 'POST', `${address}/deactivate`)
  await world.refused('default-is-permanent', 'PATCH', address, { body: { state: 'deactivated' } })
  await world.refused('default-is-permanent', 'DELETE', address)
})

onEachDatabase('the pass key is for those who may let machines in, and rotates', async (place) => {
  await using world = await startApiWorld(place)
  const made = await world.customer({ name: 'Acme' })
  const address = `/api/v1/customers/${made.id}`
  for (const level of ['server', 'customer'] as const) {
    const where = level === 'server' ? undefined : made.id
    const reader = await world.key(`${level}-read-only`, where)
    assert.equal((await world.get<CustomerDetails>(address, { key: reader })).passKey, null)
    const operator = await world.key(`${level}-operator`, where)
    assert.equal((await world.get<CustomerDetails>(address, { key: operator })).passKey, made.passKey)
  }
  const rotated = await world.send<CustomerDetails>('POST', `${address}/rotate-pass-key`)
  assert.notEqual(rotated.passKey, made.passKey)
  assert.deepEqual({ ...rotated, passKey: null }, { ...made, passKey: null })
})
