import assert from 'node:assert/strict'
import pino from 'pino'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { folderOf } from './object-ledger.ts'
import { verifyRecentLedger } from './recover-vaults.ts'

onEachDatabase(
  'what the ledger has and the disk lost in a power cut is taken back once, however often it was stored',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    await world.put(access, 'data', 'kept')
    const { handle } = await world.put(access, 'data', 'lost')
    await world.trash(access, handle)
    await world.put(access, 'data', 'lost')
    await world.ledger.idle()
    world.store.remove(folderOf(access), handle)

    const { store, clock } = world
    await verifyRecentLedger({ store, database, clock, log: pino({ level: 'silent' }) })
    assert.equal(await world.ledger.find(access, handle), null)
    for (const owner of [access.id, access.customerId, access.resellerId])
      assert.equal((await world.space(owner)).used, 'kept'.length)
  },
)
