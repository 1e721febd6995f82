import assert from 'node:assert/strict'
import type { AuditEntry, List, Session } from '@granary/contract'
import { startApiWorld } from '../../test-world/api-world.ts'
import { onEachDatabase } from '../../test-world/on-each-database.ts'

const path = (user: { id: string }) => `/api/v1/users/${user.id}/act-as`

onEachDatabase(
  'who looks as a lower user sees what they see, changes nothing, and is named',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'Northwind' })
    const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
    await world.customer({ name: 'Elsewhere' })
    const ada = await world.user('server-admin')
    const rob = await world.user('reseller-admin', reseller.id)
    const session = await world.send<Session>('POST', path(rob), { mode: 'look' }, ada)
    assert.deepEqual(session.behind, { name: ada.name, mode: 'look' })
    assert.deepEqual([session.user.name, session.place.name], [rob.name, 'Northwind'])
    assert.equal((await world.get<List<unknown>>('/api/v1/customers', ada)).total, 1)
    await world.refused('not-permitted', 'GET', '/api/v1/settings/mail', ada)
    await world.refused('not-permitted', 'GET', '/api/v1/account', ada)
    await world.refused('not-permitted', 'POST', path(rob), { ...ada, body: { mode: 'act' } })
    const deactivate = `/api/v1/customers/${customer.id}/deactivate`
    await world.refused('looking-only', 'POST', deactivate, ada)
    const own = await world.send<Session>('DELETE', '/api/v1/session/acting-as', undefined, ada)
    assert.deepEqual([own.user.name, own.behind], [ada.name, null])

    await world.send('POST', path(rob), { mode: 'act' }, ada)
    await world.send('POST', deactivate, undefined, ada)
    const { items } = await world.get<List<AuditEntry>>('/api/v1/audit-log')
    const told = items.map(({ event, actor, details }) => ({
      event,
      name: actor.name,
      id: actor.id,
      details,
    }))
    const as = { id: rob.id, name: rob.name }
    assert.deepEqual(told.slice(0, 4), [
      {
        event: 'customer.deactivated',
        name: `${ada.name} as ${rob.name}`,
        id: `user:${ada.id}`,
        details: { as },
      },
      { event: 'user.acting-as-began', name: ada.name, id: `user:${ada.id}`, details: { mode: 'act' } },
      {
        event: 'user.acting-as-ended',
        name: `${ada.name} as ${rob.name}`,
        id: `user:${ada.id}`,
        details: { as },
      },
      { event: 'user.acting-as-began', name: ada.name, id: `user:${ada.id}`, details: { mode: 'look' } },
    ])
    await world.send('POST', `/api/v1/users/${rob.id}/deactivate`)
    const again = await world.get<Session>('/api/v1/session', ada)
    assert.equal(again.behind, null, 'when they are gone one is oneself again')
  },
)

onEachDatabase('nobody looks as somebody beside or above them, and programs as nobody', async (place) => {
  await using world = await startApiWorld(place)
  const [north, south] = [await world.reseller({ name: 'North' }), await world.reseller({ name: 'South' })]
  const bakery = await world.customer({ name: 'Bakery', reseller: north.id })
  const body = { mode: 'act' }
  const ada = await world.user('server-admin')
  const rob = await world.user('reseller-admin', north.id)
  const operator = await world.user('reseller-operator', north.id)
  const sue = await world.user('reseller-admin', south.id)
  const bea = await world.user('customer-admin', bakery.id)
  await world.refused('state-conflict', 'POST', path(ada), { ...ada, body })
  await world.refused('user-not-found', 'POST', path(sue), { ...rob, body })
  await world.refused('user-not-found', 'POST', path(ada), { ...rob, body })
  await world.refused('state-conflict', 'POST', path(operator), { ...rob, body })
  await world.refused('not-permitted', 'POST', path(bea), { ...operator, body })
  await world.refused('not-permitted', 'POST', path(rob), { ...bea, body })
  await world.refused('not-permitted', 'POST', path(rob), { body })
  const seen = await world.send<Session>('POST', path(bea), body, rob)
  assert.equal(seen.place.name, 'Bakery')
  // Whoever lost their own role meanwhile looks down no longer.
  await world.send('PATCH', `/api/v1/users/${rob.id}`, { role: 'reseller-read-only' })
  assert.equal((await world.get<Session>('/api/v1/session', rob)).user.id, rob.id)
})
