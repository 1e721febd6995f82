import assert from 'node:assert/strict'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { leaseMs, ServerProcesses, workerId } from './server-processes.ts'

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

onEachDatabase(
  'processes of other servers are at work while their leases last, those of one that died are not',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const processes = new ServerProcesses(database, world.clock)
    await processes.renew(['primary-1', workerId('primary-1', 'a'), 'primary-11', workerId('primary-2', 'a')])
    await processes.forgetServer('primary-1')
    assert.deepEqual([...(await processes.alive())].sort(), ['primary-11', 'primary-2-wa'])
    world.clock.advance(leaseMs - 1)
    await processes.renew(['primary-2-wa'])
    world.clock.advance(1)
    assert.deepEqual([...(await processes.alive())], ['primary-2-wa'])
  },
)
