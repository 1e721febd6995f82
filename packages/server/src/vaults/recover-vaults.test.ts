import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Deletion, List } from '@granary/contract'
import { LocalVaults } from '@granary/object-store'
import pino from 'pino'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openTrashWorld } from '../test-world/trash-world.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { moveDirection } from './ledger-statements.ts'
import { folderOf, ObjectLedger } from './object-ledger.ts'
import { nameBytes, objectTypeCode } from './object-names.ts'
import { recoverVaults, verifyRecentLedger } from './recover-vaults.ts'

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

onEachDatabase(
  'what another server undeletes while this one starts is not taken for lost',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'pack')
    await world.trash(access, handle)
    await world.ledger.idle()
    const { store, clock } = world
    const { queries } = database
    const { id, vault_no, type, name, bytes, stored_at } = await queries
      .selectFrom('trash')
      .selectAll()
      .executeTakeFirstOrThrow()
    await queries.deleteFrom('trash').execute()
    await queries.insertInto('objects').values({ vault_no, type, name, bytes, stored_at }).execute()
    const back = { vault_no, type, name, trash_id: id, direction: moveDirection.back }
    await queries.insertInto('pending_moves').values(back).execute()

    await verifyRecentLedger({ store, database, clock, log: pino({ level: 'silent' }) })
    await world.ledger.finishPendingMoves()
    assert.ok(await world.ledger.find(access, handle))
    assert.equal(store.bytes(folderOf(access), handle), 'pack'.length)
  },
)

onEachDatabase(
  'an upload that was removed before its process died is in the trash after the next start',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const dying = new LocalVaults(objects, 'dead')
    const world = await openVaultWorld(database, dying)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'stored, then removed')
    const folder = folderOf(access)
    const removed = { vault_no: access.vaultNo, type: objectTypeCode('data'), name: nameBytes(handle) }
    // As a kill leaves it: the ledger has removed what the upload had not let go of, and no file has moved.
    const incoming = dying.receive(folder, handle)
    incoming.write(Buffer.from('stored, then removed'))
    await incoming.persist()
    dying.remove(folder, handle)
    await incoming.publish()
    const { queries } = database
    await queries.deleteFrom('objects').where('vault_no', '=', access.vaultNo).execute()
    const id = 17
    await queries
      .insertInto('trash')
      .values({ ...removed, id, bytes: 20, stored_at: 1, trashed_at: 2, until: 3 })
      .execute()
    await queries
      .insertInto('pending_moves')
      .values({ ...removed, trash_id: id })
      .execute()

    const store = new LocalVaults(objects, 'primary')
    const log = pino({ level: 'silent' })
    const ledger = new ObjectLedger({ database, store, clock: world.clock, log })
    await recoverVaults({ store, ledger, log }, (processId) => processId === 'primary')
    await ledger.idle()
    assert.deepEqual(await queries.selectFrom('pending_moves').selectAll().execute(), [])
    assert.equal(store.bytes(folder, handle), null)
    assert.deepEqual(store.findInTrash(folder, handle), [id])
    await store.close()
    await dying.close()
  },
)

onEachDatabase(
  'a vault that the disk refuses keeps no start from serving the others, and loses nothing by it',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const dying = new LocalVaults(objects, 'dead')
    const world = await openVaultWorld(database, dying)
    const [bad, good] = [await world.client('bad'), await world.client('good')]
    const { handle } = await world.put(bad, 'data', 'pack')
    await world.put(good, 'data', 'pack')
    // As a kill leaves them: ledgered and not let go of, and not under their names any more.
    for (const access of [bad, good]) {
      const incoming = dying.receive(folderOf(access), handle)
      incoming.write(Buffer.from('pack'))
      await incoming.persist()
      dying.remove(folderOf(access), handle)
    }
    const folder = path.join(objects, 'vaults', folderOf(bad), 'data', handle.name.slice(0, 2))
    renameSync(folder, `${folder}-away`)
    writeFileSync(folder, '')

    const log = pino({ level: 'silent' })
    const start = async () => {
      const store = new LocalVaults(objects, 'primary')
      const ledger = new ObjectLedger({ database, store, clock: world.clock, log })
      const left = await recoverVaults({ store, ledger, log }, (processId) => processId === 'primary')
      await ledger.idle()
      await store.close()
      return left
    }
    assert.equal(await start(), 1)
    assert.equal(dying.bytes(folderOf(good), handle), 4)
    rmSync(folder)
    symlinkSync(folder, folder)
    assert.equal(await start(), 1)
    await verifyRecentLedger({ ...world, log })
    assert.ok(await world.ledger.find(bad, handle), 'what can’t be looked at is not taken for lost')
    rmSync(folder)
    mkdirSync(folder)
    assert.equal(await start(), 0)
    assert.equal(dying.bytes(folderOf(bad), handle), 4)
    await dying.close()
  },
)

onEachDatabase(
  'what lies on a disk of another server is not taken for lost, and a vault that nobody else can have is',
  async ({ database, dataFolder }) => {
    const elsewhere = new LocalVaults(path.join(dataFolder, 'elsewhere'), 'other')
    const world = await openVaultWorld(database, elsewhere)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'pack')
    await world.ledger.idle()
    const store = new LocalVaults(path.join(dataFolder, 'objects'), 'primary')
    await verifyRecentLedger({ store, database, clock: world.clock, log: pino({ level: 'silent' }) })
    const isThere = (await world.ledger.find(access, handle)) !== null
    assert.equal(isThere, database.kind === 'postgres')
    await store.close()
    await elsewhere.close()
  },
)

onEachDatabase(
  'what a power cut took of a client that was deleted just before is taken from the trash of those above it',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, access, store, client } = world
    await world.put('data', 'kept')
    const lost = await world.put('data', 'lost to the power cut')
    await world.ledger.idle()
    await api.send('DELETE', `/api/v1/clients/${client.id}`)
    store.remove(folderOf(access), lost)
    const { database } = place
    await verifyRecentLedger({ store, database, clock: api.clock, log: pino({ level: 'silent' }) })
    const held = { used: 0, reserved: 0, trash: 'kept'.length }
    for (const owner of [access.customerId, access.resellerId])
      assert.deepEqual(await world.space(owner), held)
    const [line] = (await api.get<List<Deletion>>('/api/v1/deletions')).items
    assert.deepEqual([line?.objects, line?.bytes], [1, 'kept'.length])
    await api.send('POST', `/api/v1/deletions/${line?.id}/undelete`, {})
    for (const owner of [access.id, access.customerId, access.resellerId])
      assert.deepEqual(await world.space(owner), { used: 'kept'.length, reserved: 0, trash: 0 })
  },
)
