import assert from 'node:assert/strict'
import pino from 'pino'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { purgeTrash } from './purge-trash.ts'
import { windowsTime } from './windows-time.ts'

const hour = 60 * 60_000
const day = 24 * hour

onEachDatabase(
  'a clock that jumps ahead ends no window at once; after a server was off they end within hours',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const { clock, store } = world
    const access = await world.client('web01')
    const log = pino({ level: 'silent' })
    const parts = { database, store, clock, log }
    const purge = async () => purgeTrash(parts, await windowsTime(parts))
    await purge()
    const { handle } = await world.put(access, 'data', 'pack')
    const found = await world.ledger.find(access, handle)
    const until = clock.now() + 14 * day
    const by = { actor: 'client', address: '' }
    await world.ledger.trashed({ access, handle, storedAt: found?.storedAt ?? 0, until, ...by })
    await world.ledger.idle()
    await database.queries.updateTable('trash').set({ deletion_id: 'del_test' }).execute()

    clock.advance(365 * day)
    for (let runs = 0; runs < 6 * 24; runs += 1) {
      assert.equal(await purge(), 0, `run ${runs}`)
      clock.advance(10 * 60_000)
    }
    clock.advance(-366 * day)
    assert.equal(await purge(), 0)
    assert.equal(await windowsTime(parts), clock.now(), 'put back, it is followed at once')

    // Off for two weeks and an hour.
    clock.advance(14 * day + hour)
    let runs = 0
    while ((await purge()) === 0) {
      clock.advance(10 * 60_000)
      runs += 1
      assert.ok(runs < 6 * 24 * 4, 'within days it has caught up')
    }
    assert.ok(runs > 6 * 24 * 2, `in steps: ${runs}`)
  },
)
