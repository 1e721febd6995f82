import assert from 'node:assert/strict'
import { mkdirSync, rmdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { LocalVaults } from '@granary/object-store'
import pino from 'pino'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { folderOf } from '../vaults/object-ledger.ts'
import { finishPurges } from './finish-purges.ts'
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
    const parts = { database, store: world.store, clock: world.clock, log: pino({ level: 'silent' }) }
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

onEachDatabase(
  'what the disk refuses to remove keeps neither the purges of other vaults nor a start waiting',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const store = new LocalVaults(objects, 'test')
    const world = await openVaultWorld(database, store)
    const [bad, good] = [await world.client('bad'), await world.client('good')]
    const { handle } = await world.put(bad, 'data', 'pack')
    await world.put(good, 'data', 'pack')
    for (const access of [bad, good]) await world.trash(access, handle)
    await world.ledger.idle()
    const [trashId] = store.findInTrash(folderOf(bad), handle)
    const file = path.join(objects, 'trash', folderOf(bad), `data-${handle.name}.${trashId}`)
    // A folder where the file belongs: what a disk does that goes bad, whoever the server runs as.
    rmSync(file)
    mkdirSync(file)
    world.clock.advance(1000)
    const parts = { database, store, clock: world.clock, log: pino({ level: 'silent' }) }
    assert.equal(await purgeTrash(parts), 2)
    assert.deepEqual(store.findInTrash(folderOf(good), handle), [])
    const left = async () =>
      (await database.queries.selectFrom('pending_moves').selectAll().execute()).map((row) => row.vault_no)
    assert.deepEqual(await left(), [bad.vaultNo])
    await finishPurges(parts)
    rmdirSync(file)
    await finishPurges(parts)
    assert.deepEqual(await left(), [])
    await store.close()
  },
)
