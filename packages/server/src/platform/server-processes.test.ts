import assert from 'node:assert/strict'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { leaseMs, ServerProcesses } from './server-processes.ts'

onEachDatabase(
  'room held by a process counts as left behind once its lease has run out',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    const processes = new ServerProcesses(database, world.clock)
    await processes.renew(['test-process'])
    await world.quotas.reservation(access).extendTo(10, { headroomBytes: 0 })
    assert.deepEqual(await processes.deadHolders(), [])
    world.clock.advance(leaseMs - 1)
    await processes.renew(['test-process', 'another'])
    world.clock.advance(leaseMs - 1)
    assert.deepEqual(await processes.deadHolders(), [])
    world.clock.advance(1)
    assert.deepEqual(await processes.deadHolders(), ['test-process'])
    await processes.renew(['test-process'])
    await processes.forget('test-process')
    assert.deepEqual(await processes.deadHolders(), ['test-process'])
  },
)
