import assert from 'node:assert/strict'
import type { AuditEntry, List, Protection } from '@granary/contract'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase(
  'each level says what it inherits and what holds, within the longest window of the server',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'Northwind' })
    const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
    const ofReseller = `/api/v1/resellers/${reseller.id}/protection`
    const ofCustomer = `/api/v1/customers/${customer.id}/protection`
    const read = async (path: string) => {
      const { inherited, effective } = await world.get<Protection>(path)
      return [inherited.undeleteDays, effective.undeleteDays, inherited.trashCounts, effective.trashCounts]
    }
    assert.deepEqual(await read('/api/v1/protection'), [14, 14, false, false])
    await world.send('PATCH', '/api/v1/protection', {
      undeleteDays: 20,
      mostUndeleteDays: 30,
      trashCounts: true,
    })
    assert.deepEqual(await read('/api/v1/protection'), [14, 20, false, true])
    await world.send('PATCH', ofReseller, { undeleteDays: 100, trashCounts: false })
    assert.deepEqual(await read(ofReseller), [20, 30, true, false])
    assert.deepEqual(await read(ofCustomer), [30, 30, false, false])
    await world.send('PATCH', ofCustomer, { undeleteDays: 0 })
    assert.deepEqual(await read(ofCustomer), [30, 0, false, false])
    await world.send('PATCH', ofReseller, { undeleteDays: null })
    assert.deepEqual(await read(ofCustomer), [20, 0, false, false])
  },
)

onEachDatabase(
  'protection is saved with the rest of its reseller or customer: all or nothing, and as one entry',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'Northwind' })
    const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
    await world.customer({ name: 'Clinic', reseller: reseller.id })
    const places = [`/api/v1/resellers/${reseller.id}`, `/api/v1/customers/${customer.id}`] as const
    const own = async (path: string) => {
      const { name } = await world.get<{ name: string }>(path)
      return [name, (await world.get<Protection>(`${path}/protection`)).undeleteDays]
    }
    const entries = async () =>
      (await world.get<List<AuditEntry>>('/api/v1/audit-log?limit=500')).items.map(
        ({ event, details }) => [event, details] as const,
      )
    const before = (await entries()).length
    for (const path of places) {
      const body = { name: `New ${path.slice(8, 11)}`, protection: { undeleteDays: 5, trashCounts: true } }
      await world.send('PATCH', path, body)
      assert.deepEqual(await own(path), [body.name, 5])
      const [newest] = await entries()
      assert.match(newest?.[0] ?? '', /^(reseller|customer)\.edited$/)
      assert.deepEqual(newest?.[1], body)
    }
    assert.equal((await entries()).length, before + 2)

    const [, ofCustomer] = places
    const change = (rest: object, protection: object = { undeleteDays: 9 }) => ({
      body: { ...rest, protection },
    })
    await world.refused('name-taken', 'PATCH', ofCustomer, change({ name: 'Clinic' }))
    await world.refused('invalid-request', 'PATCH', ofCustomer, change({ name: 'Other' }, { undeleteDay: 9 }))
    const operator = await world.user('reseller-operator', reseller.id)
    await world.refused('not-permitted', 'PATCH', ofCustomer, { ...operator, ...change({ name: 'Other' }) })
    const someone = { key: await world.key('server-operator') }
    await world.refused('not-permitted', 'PATCH', places[0], { ...someone, ...change({ name: 'Other' }) })
    for (const path of places) assert.equal((await own(path))[1], 5, 'nothing of it')
    assert.equal((await own(ofCustomer))[0], 'New cus')
    await world.send('PATCH', ofCustomer, { name: 'Bakery' }, operator)
    await world.send('PATCH', ofCustomer, { protection: { undeleteDays: null } })
    assert.deepEqual(await own(ofCustomer), ['Bakery', null])
  },
)
