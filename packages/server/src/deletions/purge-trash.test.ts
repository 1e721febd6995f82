import assert from 'node:assert/strict'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { purgeTrash } from './purge-trash.ts'

onEachDatabase(
  'what is in the trash is purged when its window ends, not before, and ledgered once',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    for (let i = 0; i < 250; i += 1) {
      const { handle } = await world.put(access, 'data', `pack ${i}`)
      await world.trash(access, handle)
    }
    const kept = await world.put(access, 'data', 'stays')
    const gone = await world.put(access, 'snapshots', 'an old version')
    const living = await world.put(access, 'snapshots', 'a version')
    await world.trash(access, gone.handle)
    const runs = async () => (await database.queries.selectFrom('runs').select('name').execute()).length
    assert.equal(await runs(), 2)
    await world.ledger.idle()
    const parts = { database, store: world.store, clock: world.clock }
    assert.equal(await purgeTrash(parts), 0)
    world.clock.advance(1000)
    const both = await Promise.all([purgeTrash(parts), purgeTrash(parts)])
    assert.equal(both[0] + both[1], 251)
    assert.equal((await database.queries.selectFrom('trash').selectAll().execute()).length, 0)
    const purged = await database.queries.selectFrom('ledger').select('seq').where('change', '=', 4).execute()
    assert.equal(purged.length, 251)
    assert.ok(await world.ledger.find(access, kept.handle))
    assert.ok(await world.ledger.find(access, living.handle))
    assert.equal(await runs(), 1)
  },
)
