import assert from 'node:assert/strict'
import type { Protection } from '@granary/contract'
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
