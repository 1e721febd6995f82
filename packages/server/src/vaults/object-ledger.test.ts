import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LocalVaults } from '@granary/object-store'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld, type VaultWorld } from '../test-world/vault-world.ts'
import { folderOf } from './object-ledger.ts'

onEachDatabase(
  'what is stored counts at client, customer and reseller, and is in the ledger',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    await world.put(access, 'data', 'hello')
    await world.put(access, 'keys', 'a key')
    for (const owner of [access.id, access.customerId, access.resellerId]) {
      assert.equal((await world.space(owner)).used, 10)
    }
    assert.deepEqual(await ledgerOf(world), [
      { change: 1, type: 5, bytes: 5 },
      { change: 1, type: 1, bytes: 5 },
    ])
  },
)

onEachDatabase('50 simultaneous uploads of one name count once', async ({ database, openAnother }) => {
  const world = await openVaultWorld(database)
  const access = await world.client('web01')
  const elsewhere = await openVaultWorld(await openAnother(), world.store)
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      (index % 2 === 0 ? world : elsewhere).put(access, 'data', 'the same'),
    ),
  )
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'stored').length, 1)
  assert.equal((await world.space(access.customerId)).used, 8)
  assert.equal((await ledgerOf(world)).length, 1)
})

onEachDatabase(
  '300 simultaneous uploads from two servers add up exactly',
  async ({ database, openAnother }) => {
    const world = await openVaultWorld(database)
    const clients = [await world.client('a'), await world.client('b'), await world.client('c')]
    const elsewhere = await openVaultWorld(await openAnother(), world.store)
    await Promise.all(
      Array.from({ length: 300 }, (_, index) => {
        const client = clients[index % 3]
        assert.ok(client)
        return (index % 2 === 0 ? world : elsewhere).put(client, 'data', `content ${index}`)
      }),
    )
    const expected = Array.from({ length: 300 }, (_, index) => `content ${index}`.length).reduce(
      (a, b) => a + b,
    )
    const [first] = clients
    assert.ok(first)
    assert.equal((await world.space(first.resellerId)).used, expected)
    assert.equal((await ledgerOf(world)).length, 300)
  },
)

onEachDatabase(
  'what is removed goes to the trash, counts no more, and can not be read',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'snapshots', 'a snapshot')
    await world.trash(access, handle)
    assert.equal(await world.ledger.find(access, handle), null)
    assert.equal(world.store.bytes(folderOf(access), handle), null)
    assert.equal((await world.space(access.customerId)).used, 0)
    const trash = await database.queries.selectFrom('trash').select(['bytes', 'until']).execute()
    assert.deepEqual(
      trash.map(({ bytes, until }) => ({ bytes, until })),
      [{ bytes: 10, until: world.clock.now() + 1000 }],
    )
    await world.ledger.idle()
    assert.equal((await database.queries.selectFrom('pending_moves').selectAll().execute()).length, 0)
  },
)

onEachDatabase('a lock is removed for good, without trash', async ({ database }) => {
  const world = await openVaultWorld(database)
  const access = await world.client('web01')
  const { handle } = await world.put(access, 'locks', 'a lock')
  await world.trash(access, handle)
  assert.deepEqual(
    (await ledgerOf(world)).map(({ change }) => change),
    [1, 4],
  )
  assert.equal((await database.queries.selectFrom('trash').selectAll().execute()).length, 0)
  assert.equal(world.store.bytes(folderOf(access), handle), null)
})

onEachDatabase('a late removal does not take away what was uploaded since', async ({ database }) => {
  const world = await openVaultWorld(database)
  const access = await world.client('web01')
  const { handle } = await world.put(access, 'data', 'pack')
  const before = await world.ledger.find(access, handle)
  assert.ok(before)
  await world.trash(access, handle)
  world.clock.advance(1)
  await world.put(access, 'data', 'pack')
  const late = { access, handle, storedAt: before.storedAt, until: 0, actor: 'client', address: '' }
  await world.ledger.trashed(late)
  assert.ok(await world.ledger.find(access, handle))
  assert.equal((await world.space(access.id)).used, 4)
})

onEachDatabase(
  'an upload shows its file again after a removal before its row, and not after one since',
  async ({ database, dataFolder }) => {
    const world = await openVaultWorld(database, new LocalVaults(path.join(dataFolder, 'objects'), 'test'))
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'pack')
    for (const comes of ['before its row', 'since'] as const) {
      const incoming = world.store.receive(folderOf(access), handle)
      incoming.write(Buffer.from('pack'))
      await incoming.persist()
      await incoming.publish()
      if (comes === 'before its row') await world.trash(access, handle)
      const from = { actor: 'client', address: '', reservation: undefined }
      await world.ledger.stored({ ...from, access, handle, bytes: 4, content: null })
      if (comes === 'since') await world.trash(access, handle)
      const isThere = await world.ledger.keepShown(access, handle, incoming)
      assert.equal(isThere, comes !== 'since')
      await incoming.release()
      assert.equal(world.store.bytes(folderOf(access), handle), comes === 'since' ? null : 4)
    }
    await world.ledger.idle()
    assert.equal(world.store.findInTrash(folderOf(access), handle).length, 2)
    await world.store.close()
  },
)

onEachDatabase(
  'removals and uploads of one name in two servers at once: disk and ledger agree',
  async (place) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'granary-race-'))
    const store = new LocalVaults(folder, 'p1')
    const world = await openVaultWorld(place.database, store)
    const elsewhere = await openVaultWorld(await place.openAnother(), new LocalVaults(folder, 'p2'))
    const access = await world.client('web01')
    for (let round = 0; round < 15; round += 1) {
      const { handle } = await world.put(access, 'data', `pack ${round}`)
      const turns = [world, elsewhere, world, elsewhere].flatMap((each) => [
        each.trash(access, handle),
        each.put(access, 'data', `pack ${round}`),
      ])
      await Promise.all(turns)
      const isLedgered = (await world.ledger.find(access, handle)) !== null
      assert.equal(store.bytes(folderOf(access), handle) !== null, isLedgered, `round ${round}`)
    }
    await Promise.all([world.ledger.idle(), elsewhere.ledger.idle()])
    const objects = await place.database.queries.selectFrom('objects').select('bytes').execute()
    const used = objects.reduce((sum, { bytes }) => sum + bytes, 0)
    assert.equal((await world.space(access.id)).used, used)
    await rm(folder, { recursive: true })
  },
)

onEachDatabase(
  'what had lost its file can be removed, and the next start has nothing left to do',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'pack')
    world.store.remove(folderOf(access), handle)
    await world.trash(access, handle)
    await world.ledger.idle()
    assert.equal(await world.ledger.find(access, handle), null)
    assert.equal(await world.ledger.finishPendingMoves(), 0)
    assert.equal((await database.queries.selectFrom('trash').selectAll().execute()).length, 1)
  },
)

onEachDatabase(
  'moves that the disk refuses at a start wait for the next one; the others are made',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const store = new LocalVaults(objects, 'test')
    const world = await openVaultWorld(database, store)
    const [bad, good] = [await world.client('bad'), await world.client('good')]
    const left: Promise<void>[] = []
    for (const access of [bad, good]) {
      const { handle } = await world.put(access, 'data', 'pack')
      const trash = path.join(objects, 'trash', folderOf(access))
      // A file where the folder belongs: what a disk does that goes bad, whoever the server runs as.
      await writeFile(trash, '')
      left.push(assert.rejects(world.trash(access, handle)))
    }
    await Promise.all(left)
    await rm(path.join(objects, 'trash', folderOf(good)))
    assert.equal(await world.ledger.finishPendingMoves(), 1)
    await rm(path.join(objects, 'trash', folderOf(bad)))
    assert.equal(await world.ledger.finishPendingMoves(), 1)
    assert.equal(await world.ledger.finishPendingMoves(), 0)
    await store.close()
  },
)

onEachDatabase(
  'an upload for a client deleted meanwhile is refused, and counts nowhere',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    await database.queries.updateTable('clients').set({ deleted_at: 1 }).where('id', '=', access.id).execute()
    await assert.rejects(world.put(access, 'data', 'late'), { code: 'credentials-invalid' })
    assert.equal((await world.space(access.customerId)).used, 0)
    assert.deepEqual(await ledgerOf(world), [])
  },
)

onEachDatabase('a list has every object of a type, over many pages', async ({ database }) => {
  const world = await openVaultWorld(database)
  const access = await world.client('web01')
  const other = await world.client('web02')
  const names = await Promise.all(
    Array.from(
      { length: 25 },
      async (_, index) => (await world.put(access, 'data', `x${index}`)).handle.name,
    ),
  )
  await world.put(access, 'index', 'an index')
  await world.put(other, 'data', 'of another client')
  const found: string[] = []
  for await (const page of world.ledger.list(access, 'data', 10)) found.push(...page.map(({ name }) => name))
  assert.deepEqual(found, names.sort())
})

onEachDatabase(
  'moves to the trash that a crash cut off are finished at the next start',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'pack')
    const row = { vault_no: access.vaultNo, type: 5, name: Buffer.from(handle.name, 'hex') }
    await database.queries.deleteFrom('objects').where('vault_no', '=', access.vaultNo).execute()
    await database.queries
      .insertInto('pending_moves')
      .values({ trash_id: 77, ...row })
      .execute()
    assert.equal(await world.ledger.finishPendingMoves(), 1)
    assert.equal(world.store.bytes(folderOf(access), handle), null)
    assert.equal((await database.queries.selectFrom('pending_moves').selectAll().execute()).length, 0)
  },
)

async function ledgerOf(world: VaultWorld) {
  const rows = await world.database.queries
    .selectFrom('ledger')
    .select(['change', 'type', 'bytes'])
    .orderBy('seq')
    .execute()
  return rows.map(({ change, type, bytes }) => ({ change, type, bytes }))
}
