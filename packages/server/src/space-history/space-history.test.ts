import assert from 'node:assert/strict'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { readSpaceHistory } from './read-space-history.ts'
import { dayMs, recordSpace } from './record-space.ts'

onEachDatabase(
  'used space is remembered by the day, and shown as far back as asked',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const client = await world.client('web01')
    for (const content of ['ten bytes.', 'ten more b', 'and ten mo']) {
      await world.put(client, 'data', content)
      await recordSpace(world)
      await recordSpace(world)
      world.clock.advance(2 * dayMs)
    }
    const now = world.clock.now()
    const history = (days: number) =>
      readSpaceHistory(database.queries, { id: client.id, usedBytes: 30 }, days, now)
    const read = async (days: number) => (await history(days)).points.map(({ usedBytes }) => usedBytes)
    assert.deepEqual(await read(30), [10, 20, 30, 30])
    assert.deepEqual(await read(4), [20, 30, 30])
    assert.deepEqual(await read(1), [30, 30])
    const { points } = await history(30)
    assert.ok(
      points.every(({ at }, n) => n === 0 || at > (points[n - 1]?.at ?? 0)),
      'in order',
    )
    const rows = () => database.queries.selectFrom('space_days').selectAll().execute()
    assert.equal(
      (await rows()).filter((row) => row.owner_id === client.customerId).length,
      3,
      'customers too',
    )
    world.clock.advance(401 * dayMs)
    await recordSpace(world)
    assert.deepEqual(await rows(), [])
  },
)
