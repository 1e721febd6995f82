import assert from 'node:assert/strict'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import type {
  CustomerDetails,
  Deletion,
  List,
  PutBackPreview,
  Reason,
  TrashedVersion,
  Undeletion,
} from '@granary/contract'
import { LocalVaults, type ObjectHandle } from '@granary/object-store'
import pino from 'pino'
import type { ApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase, openTestPlace } from '../test-world/on-each-database.ts'
import { openTrashWorld, type TrashWorld } from '../test-world/trash-world.ts'
import { oneAfterTheOther } from '../test-world/until-blocked.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { folderOf } from '../vaults/object-ledger.ts'
import { deleteEndedTrials } from './delete-ended-trials.ts'
import { purgeTrash } from './purge-trash.ts'

const minute = 60_000
const day = 24 * 60 * minute

onEachDatabase('a vault goes back to a moment: what was removed is there, byte for byte', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, access, client } = world
  const kept = await world.put('data', 'kept')
  const removed = [await world.put('snapshots', 'snapshot'), await world.put('data', 'pack one')]
  await world.put('keys', 'a key')
  api.clock.advance(minute)
  const moment = api.clock.now()
  api.clock.advance(minute)
  for (const handle of removed) await world.remove(handle)
  const added = await world.put('snapshots', 'added since')
  const before = await world.space(access.id)
  assert.deepEqual(before, { used: 4 + 5 + 11, reserved: 0, trash: 16 })

  const { versionsThen, ...preview } = await api.get<PutBackPreview>(
    `/api/v1/clients/${client.id}/put-back-preview?moment=${moment}&added=remove`,
  )
  assert.deepEqual(preview, {
    ...{ objects: 2, versions: 1, bytes: 16, addedObjects: 1, addedVersions: 1, addedBytes: 11 },
    ...{ earliest: 0, refusal: null },
  })
  assert.deepEqual(
    [versionsThen.total, versionsThen.newest.map(({ version, inTrash }) => [version, inTrash])],
    [1, [[removed[0]?.name, true]]],
  )
  const undeletion = await world.putBack({ moment })
  assert.deepEqual(
    [undeletion.step, undeletion.restoredObjects, undeletion.verifiedObjects, undeletion.damagedObjects],
    ['done', 2, 2, 0],
  )
  for (const [handle, content] of [
    [kept, 'kept'],
    [removed[0], 'snapshot'],
    [removed[1], 'pack one'],
    [added, 'added since'],
  ] as const) {
    assert.equal(await world.read(handle), content)
  }
  const after = { used: 4 + 5 + 11 + 16, reserved: 0, trash: 0 }
  for (const owner of [access.id, access.customerId, access.resellerId])
    assert.deepEqual(await world.space(owner), after)
  const { items } = await api.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)
  assert.deepEqual(
    items.map(({ kind, state, objects, versions, bytes, restoredBytes, by }) => [
      ...[kind, state, objects, versions, bytes, restoredBytes],
      by.kind,
    ]),
    [['objects', 'restored', 2, 1, 16, 16, 'client']],
  )
  await api.refused('not-in-trash', 'POST', `/api/v1/clients/${client.id}/put-back`, { body: { moment } })
})

onEachDatabase(
  'with what was added removed, a vault is exactly as it was, another config included; and that can be undone',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api } = world
    const config = await world.putConfig('the config')
    const pack = await world.put('data', 'pack')
    api.clock.advance(minute)
    const moment = api.clock.now()
    api.clock.advance(minute)
    await world.remove(config)
    await world.remove(pack)
    await world.put('data', 'pack')
    await world.putConfig('a thief’s config')
    const flood = await Promise.all(
      Array.from({ length: 2100 }, (_, i) => world.put('snapshots', `flood ${i}`)),
    )
    const undeletion = await world.putBack({ moment, added: 'remove' })
    assert.deepEqual(
      [undeletion.step, undeletion.removedObjects, undeletion.restoredObjects],
      ['done', 2101, 1],
    )
    assert.equal(await world.read(config), 'the config')
    assert.equal(await world.read(pack), 'pack', 'the same bytes uploaded again are not taken away')
    assert.deepEqual(await world.listed('snapshots'), [])
    await world.assertAccountsAgree()

    const [line] = (await api.get<List<Deletion>>(`/api/v1/deletions?kind=put-back`)).items
    assert.ok(line)
    assert.deepEqual([line.objects, line.versions, line.state], [2101, 2100, 'in-trash'])
    await api.send('POST', `/api/v1/deletions/${line.id}/undelete`, {})
    await world.run()
    assert.equal((await world.listed('snapshots')).length, flood.length)
    assert.equal(await world.read(config), 'a thief’s config')
    await world.assertAccountsAgree()
    assert.equal((await api.get<Deletion>(`/api/v1/deletions/${line.id}`)).state, 'restored')
    await api.refused('not-in-trash', 'POST', `/api/v1/deletions/${line.id}/undelete`, { body: {} })
  },
)

onEachDatabase('one version comes back with its data, and the others stay in the trash', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client } = world
  const versions = [await world.put('snapshots', 'monday'), await world.put('snapshots', 'tuesday')]
  const pack = await world.put('data', 'pack')
  api.clock.advance(minute)
  for (const handle of versions) await world.remove(handle)
  await world.remove(pack)
  const path = `/api/v1/clients/${client.id}`
  const { items, total } = await api.get<List<TrashedVersion>>(`${path}/trashed-versions?limit=1`)
  assert.equal(total, 2)
  const name = versions[1]?.name ?? ''
  const found = await api.get<List<TrashedVersion>>(`${path}/trashed-versions?search=${name.slice(0, 8)}`)
  assert.deepEqual([found.total, found.items[0]?.version], [1, name])
  assert.ok(items[0]?.version)
  await api.send('POST', `${path}/undelete-version`, { version: name })
  await api.refused('undelete-running', 'POST', `${path}/undelete-version`, { body: { version: name } })
  await api.refused('undelete-running', 'DELETE', path)
  await world.run()
  assert.deepEqual(await world.listed('snapshots'), [name])
  assert.equal(await world.read(pack), 'pack')
  const [refusal, line] = (await api.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)).items
  assert.deepEqual([refusal?.state, line?.state], ['refused', 'partly'])
  assert.equal(refusal?.refusal?.code, 'undelete-running')
  await api.refused('version-not-in-trash', 'POST', `${path}/undelete-version`, { body: { version: name } })
})

onEachDatabase('what would pass a limit is refused, and nothing is held or half done', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, access, client } = world
  const pack = await world.put('data', 'ten bytes.')
  api.clock.advance(minute)
  const moment = api.clock.now() - 1
  await world.remove(pack)
  await world.vaults.allot(access.customerId, 5)
  const problem = await api.refused('quota-exceeded', 'POST', `/api/v1/clients/${client.id}/put-back`, {
    body: { moment },
  })
  assert.equal((problem.reason as Reason).code, 'no-room-to-come-back')
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 10 })
  await world.vaults.allot(access.customerId, 10)
  await world.putBack({ moment })
  assert.deepEqual(await world.space(access.customerId), { used: 10, reserved: 0, trash: 0 })
})

onEachDatabase('a customer is told that its reseller has no room, and not what it has', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, access, client, customer, reseller } = world
  const pack = await world.put('data', 'ten bytes.')
  api.clock.advance(minute)
  const moment = api.clock.now() - 1
  await world.remove(pack)
  await world.vaults.allot(access.resellerId, 5)
  const putBack = `/api/v1/clients/${client.id}/put-back`
  const undelete = async () => {
    const [newest] = (await api.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
    return `/api/v1/deletions/${newest?.id}/undelete`
  }
  const expectNothingOfIt = async (path: string, body: object) => {
    const key = await api.key('customer-admin', customer.id)
    const told = await api.refused('quota-exceeded', 'POST', path, { key, body })
    assert.deepEqual([told.limitBytes, told.usedBytes, told.owner], [undefined, undefined, undefined])
    assert.equal((told.reason as Reason).code, 'no-room-above')
    assert.equal(JSON.stringify(told).includes(reseller.name), false)
    for (const role of ['reseller-admin', 'server-admin'] as const) {
      const own = await api.key(role, role === 'reseller-admin' ? reseller.id : undefined)
      const { owner, limitBytes } = await api.refused('quota-exceeded', 'POST', path, { key: own, body })
      assert.deepEqual([owner, limitBytes], [reseller.name, 5], role)
    }
  }
  await expectNothingOfIt(putBack, { moment })
  await world.vaults.allot(access.resellerId, null)
  await world.putBack({ moment })
  await api.send('DELETE', `/api/v1/clients/${client.id}`)
  await world.vaults.allot(access.resellerId, 5)
  await expectNothingOfIt(await undelete(), {})
})

onEachDatabase(
  'an object is read before its file has followed; removed again it lies in the trash',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, access, client, ledger } = world
    const [first, second] = [await world.put('data', 'first'), await world.put('data', 'second')]
    const third = await world.put('data', 'third')
    api.clock.advance(minute)
    const moment = api.clock.now() - 1
    for (const handle of [first, second, third]) await world.remove(handle)
    await ledger.idle()
    await api.send('POST', `/api/v1/clients/${client.id}/put-back`, { moment })
    const { queries } = place.database
    await world.runUntil('moving')
    assert.equal(world.store.bytes(folderOf(access), first), null, 'its file has not followed yet')
    assert.equal(await ledger.returning.returnNow(access, first), true)
    assert.equal(await world.read(first), 'first')
    assert.equal(await ledger.returning.returnNow(access, first), false)
    assert.equal(world.store.bytes(folderOf(access), third), null)
    assert.equal(await world.download(third), 'third')
    const beforeAgain = api.clock.now()
    api.clock.advance(minute)
    await world.remove(second)
    assert.equal(world.store.bytes(folderOf(access), second), null)
    await world.run()
    assert.equal(world.store.bytes(folderOf(access), second), null, 'it is in the trash')
    assert.equal((await queries.selectFrom('pending_moves').selectAll().execute()).length, 0)
    await world.putBack({ moment: beforeAgain })
    assert.equal(await world.read(second), 'second')
  },
)

onEachDatabase('whoever takes over an undeletion ends it, wherever it was left', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client } = world
  const handles: ObjectHandle[] = []
  for (let i = 0; i < 30; i += 1) handles.push(await world.put(i % 3 === 0 ? 'index' : 'data', `object ${i}`))
  api.clock.advance(minute)
  const moment = api.clock.now() - 1
  for (const handle of handles) await world.remove(handle)
  await api.send('POST', `/api/v1/clients/${client.id}/put-back`, { moment, added: 'remove' })
  for (const step of ['restoring', 'moving', 'verifying'] as const) {
    await world.runUntil(step)
    await world.assertAccountsAgree()
  }
  await world.run()
  for (const [i, handle] of handles.entries()) assert.equal(await world.read(handle), `object ${i}`)
})

onEachDatabase(
  'removals that nobody has looked at are one line of the report for each run, put back as a whole',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client } = world
    const handles = [await world.put('data', 'pack'), await world.put('index', 'index')]
    handles.push(await world.put('snapshots', 'snapshot'))
    api.clock.advance(minute)
    const moment = api.clock.now() - 1
    // Types come back in an order of their own, so that the one in the middle is looked at last.
    const [pack, index, snapshot] = handles as [ObjectHandle, ObjectHandle, ObjectHandle]
    const plunder = async () => {
      for (const handle of [pack, snapshot, index]) {
        await world.remove(handle)
        api.clock.advance(9 * minute)
      }
    }
    const lines = async () =>
      (await api.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)).items.map(
        ({ kind, state, objects, versions, restoredBytes }) => [
          kind,
          state,
          objects,
          versions,
          restoredBytes,
        ],
      )
    const restored = ['objects', 'restored', 3, 1, 4 + 5 + 8]
    await plunder()
    await world.putBack({ moment })
    assert.deepEqual(await lines(), [restored])
    await plunder()
    await world.putBack({ moment })
    assert.deepEqual(await lines(), [restored, restored], 'what was put back is no line to go on from')
    await world.assertAccountsAgree()
  },
)

onEachDatabase(
  'what was taken out is counted once, also by a server that dies before it says so',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client } = world
    const config = await world.putConfig('the config')
    api.clock.advance(minute)
    const moment = api.clock.now()
    api.clock.advance(minute)
    await world.remove(config)
    await world.putConfig('a thief’s config')
    for (let i = 0; i < 20; i += 1) await world.put(i % 2 === 0 ? 'data' : 'snapshots', `flood ${i}`)
    const body = { moment, added: 'remove' }
    const { id } = await api.send<Undeletion>('POST', `/api/v1/clients/${client.id}/put-back`, body)
    await world.runUntil('restoring')
    // All batches of the step are done, and what comes next has not begun: so a crash leaves it.
    await place.database.queries.updateTable('undeletions').set({ step: 'removing' }).execute()
    await world.run()
    await world.assertAccountsAgree()
    const { step, removedObjects } = await api.get<Undeletion>(`/api/v1/undeletions/${id}`)
    assert.deepEqual([step, removedObjects], ['done', 21])
    const [line] = (await api.get<List<Deletion>>('/api/v1/deletions?kind=put-back')).items
    assert.equal(line?.objects, 21)
    assert.equal(await world.read(config), 'the config')
  },
)

onEachDatabase('a client, a customer and a reseller come back with all they had', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client, customer, reseller, access } = world
  const pack = await world.put('data', 'pack')
  const old = await world.put('data', 'old')
  await world.remove(old)
  await api.send('PATCH', `/api/v1/customers/${customer.id}`, { space: { allottedBytes: 1000 } })
  const key = await api.key('customer-admin', customer.id)
  const before = await everything(api, world)
  const deleted = async (address: string) => {
    await api.send('DELETE', address)
    const [line] = (await api.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
    assert.ok(line)
    return line
  }
  for (const [address, kind, parent] of [
    [`/api/v1/clients/${client.id}`, 'client', 'Reseller / Customer'],
    [`/api/v1/customers/${customer.id}?contents=delete`, 'customer', 'Reseller'],
    [`/api/v1/customers/${customer.id}`, 'customer', 'Reseller'],
    [`/api/v1/resellers/${reseller.id}?contents=delete`, 'reseller', ''],
    [`/api/v1/resellers/${reseller.id}`, 'reseller', ''],
  ] as const) {
    api.clock.advance(1000)
    const line = await deleted(address)
    const contents = kind === 'client' || address.endsWith('delete') ? 'in-trash' : 'moved'
    assert.deepEqual([line.kind, line.state, line.parentPath, line.bytes], [kind, contents, parent, 4])
    const undeletion = await api.send<Undeletion>('POST', `/api/v1/deletions/${line.id}/undelete`, {})
    assert.equal(undeletion.step, 'verifying')
    await world.run()
    const done = await api.get<Undeletion>(`/api/v1/undeletions/${undeletion.id}`)
    assert.deepEqual([done.step, done.damagedObjects], ['done', 0])
    assert.deepEqual(await everything(api, world), before, address)
    assert.equal(await world.read(pack), 'pack')
    await api.refused('not-in-trash', 'POST', `/api/v1/deletions/${line.id}/undelete`, { body: {} })
  }
  await api.get('/api/v1/session', { key })
  const again = await world.vaults.access(customer.urlKey, client.clientId)
  assert.deepEqual(again.secretHash, access.secretHash)
})

onEachDatabase(
  'what a client removed goes along with it when it moves: its new people bring it back, and its old ones see it no more',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client, customer, reseller, access } = world
    const pack = await world.put('data', 'pack')
    await world.remove(pack)
    await world.ledger.idle()
    const [line] = (await api.get<List<Deletion>>('/api/v1/deletions')).items
    assert.ok(line)
    const address = `/api/v1/deletions/${line.id}`
    await api.send('PATCH', '/api/v1/protection', { twoPersonPurge: true })
    const [before, after] = [
      [await api.key('reseller-admin', reseller.id), await api.key('customer-admin', customer.id)],
      [] as string[],
    ]
    await api.send('POST', `${address}/purge`, { reason: 'room' }, { key: before[0] ?? null })
    const elsewhere = await api.reseller({ name: 'Elsewhere' })
    const bakery = await api.customer({ name: 'Bakery', reseller: elsewhere.id, space: { allottedBytes: 3 } })
    after.push(await api.key('reseller-admin', elsewhere.id), await api.key('customer-admin', bakery.id))
    await api.send('POST', `/api/v1/clients/${client.id}/move`, { customer: bakery.id })
    for (const key of before) {
      assert.deepEqual((await api.get<List<Deletion>>('/api/v1/deletions', { key })).items, [])
      await api.refused('deletion-not-found', 'POST', `${address}/undelete`, { key, body: {} })
    }
    await api.refused('deletion-not-found', 'POST', `${address}/purge`, {
      ...{ key: before[0] ?? null, body: { reason: 'room' } },
    })
    for (const key of after) {
      const seen = await api.get<Deletion>(address, { key })
      assert.deepEqual([seen.parentPath, seen.purge], ['Elsewhere / Bakery', null])
      // Four bytes under a limit of three: the room counts where the client is now.
      await api.refused('quota-exceeded', 'POST', `${address}/undelete`, { key, body: {} })
    }
    await api.send('PATCH', `/api/v1/customers/${bakery.id}`, { space: { allottedBytes: 4 } })
    await api.send('POST', `${address}/undelete`, {}, { key: after[1] ?? null })
    const back = { customer: customer.id }
    await api.refused('undelete-running', 'POST', `/api/v1/clients/${client.id}/move`, { body: back })
    await world.run()
    assert.equal(await world.read(pack), 'pack')
    for (const owner of [access.id, bakery.id, elsewhere.id])
      assert.deepEqual(await world.space(owner), { used: 4, reserved: 0, trash: 0 })
    for (const owner of [customer.id, reseller.id])
      assert.deepEqual(await world.space(owner), { used: 0, reserved: 0, trash: 0 })
  },
)

onEachDatabase(
  'who of those above did something, and from where, is told to nobody below them',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client, customer, reseller } = world
    const ada = await api.user('server-admin')
    const rob = await api.user('reseller-admin', reseller.id)
    const bea = await api.user('customer-admin', customer.id)
    await api.send('PATCH', `/api/v1/resellers/${reseller.id}`, { mcals: { allotted: 9 } }, ada)
    await api.send('PATCH', `/api/v1/customers/${customer.id}`, { mcals: { allotted: 5 } }, rob)
    const lines = async () => (await api.get<List<Deletion>>('/api/v1/deletions?kind=client')).items
    for (const user of [ada, rob, bea]) {
      api.clock.advance(1000)
      await api.send('DELETE', `/api/v1/clients/${client.id}`, undefined, user)
      const [line] = await lines()
      await api.send('POST', `/api/v1/deletions/${line?.id}/undelete`, {}, user)
      await world.run()
    }
    for (const [reader, names] of [
      [ada, [bea.name, rob.name, ada.name]],
      [rob, [bea.name, rob.name, 'Provider']],
      [bea, [bea.name, 'Provider', 'Provider']],
    ] as const) {
      const { items } = await api.get<List<Deletion>>('/api/v1/deletions?kind=client', reader)
      assert.deepEqual(
        items.map(({ by }) => [by.name, by.address !== '']),
        names.map((name) => [name, name !== 'Provider']),
      )
      const undeleted = await api.get<List<Undeletion>>('/api/v1/undeletions', reader)
      assert.deepEqual(
        undeleted.items.map(({ askedBy }) => askedBy),
        names,
      )
      const found = await api.get<List<Deletion>>(`/api/v1/deletions?search=${rob.name}`, reader)
      assert.equal(found.total, reader === bea ? 0 : 1, 'nor is it found by their name')
      const allotted = await api.get<List<{ by: string }>>(
        `/api/v1/licences/allotments${reader === bea ? '' : `?reseller=${reseller.id}`}`,
        reader,
      )
      assert.equal(allotted.items[0]?.by, reader === ada ? ada.name : 'Provider')
    }
    const ofCustomer = `/api/v1/licences/allotments?customer=${customer.id}`
    const seen = await api.get<List<{ by: string }>>(ofCustomer, rob)
    assert.equal(seen.items[0]?.by, rob.name)
  },
)

onEachDatabase('what clashes or has lost its place is refused with the reason', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client, customer } = world
  await world.put('data', 'pack')
  const line = async () => {
    const [newest] = (await api.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
    return `/api/v1/deletions/${newest?.id}/undelete`
  }
  await api.send('DELETE', `/api/v1/clients/${client.id}`)
  const clientLine = await line()
  const taken = await api.client(customer, { clientId: client.clientId.toUpperCase() })
  await api.refused('client-id-taken', 'POST', clientLine, { body: {} })
  await api.send('DELETE', `/api/v1/clients/${taken.id}`)
  api.clock.advance(1)
  await api.send('DELETE', `/api/v1/customers/${customer.id}?contents=delete`)
  const customerLine = await line()
  await api.refused('parent-deleted', 'POST', clientLine, { body: {} })
  await api.customer({ name: 'CUSTOMER' })
  const problem = await api.refused('name-taken', 'POST', customerLine, { body: {} })
  assert.match((problem.reason as Reason).message, /Give a name/)
  await api.send('POST', customerLine, { name: 'Customer, the first' })
  assert.equal(
    (await api.get<CustomerDetails>(`/api/v1/customers/${customer.id}`)).name,
    'Customer, the first',
  )
  await api.send('PATCH', `/api/v1/customers/${customer.id}`, { space: { allottedBytes: 1 } })
  await api.refused('quota-exceeded', 'POST', clientLine, { body: {} })
  await api.send('PATCH', `/api/v1/customers/${customer.id}`, { space: { allottedBytes: null } })
  await api.send('POST', clientLine, {})
})

onEachDatabase(
  'a moment before the last purge can be had in part only, and only when asked for',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client, store } = world
    const [first, second] = [await world.put('data', 'first'), await world.put('data', 'second')]
    api.clock.advance(minute)
    const moment = api.clock.now() - 1
    await world.remove(first)
    const { trashed_at: removedAt } = await place.database.queries
      .selectFrom('trash')
      .select('trashed_at')
      .executeTakeFirstOrThrow()
    api.clock.advance(day)
    await world.remove(second)
    await world.ledger.idle()
    api.clock.advance(13 * day)
    await purgeTrash({ database: place.database, store, clock: api.clock, log: pino({ level: 'silent' }) })
    const address = `/api/v1/clients/${client.id}/put-back`
    const problem = await api.refused('trash-purged', 'POST', address, { body: { moment } })
    assert.equal(problem.earliest, removedAt)
    await api.refused('invalid-request', 'POST', address, { body: { moment: api.clock.now() + minute } })
    await world.putBack({ moment, partial: true })
    assert.deepEqual(await world.listed('data'), [second.name])
  },
)

/** All that the API and the accounts say of the branch. */
async function everything(api: ApiWorld, world: TrashWorld) {
  return {
    reseller: await api.get(`/api/v1/resellers/${world.reseller.id}`),
    customer: await api.get(`/api/v1/customers/${world.customer.id}`),
    client: await api.get(`/api/v1/clients/${world.client.id}`),
    space: await Promise.all([world.access.id, world.customer.id, world.reseller.id].map(world.space)),
  }
}

onEachDatabase(
  'what comes back while its removal is still waiting for the disk elsewhere keeps its file',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, access } = world
    const [first, second, third] = [
      await world.put('data', 'first'),
      await world.put('data', 'second'),
      await world.put('data', 'third'),
    ]
    api.clock.advance(minute)
    const moment = api.clock.now()
    api.clock.advance(minute)
    await world.remove(first)
    await api.send('POST', `/api/v1/clients/${world.client.id}/put-back`, { moment })
    await world.runUntil('restoring')

    const disk = Promise.withResolvers<void>()
    class SlowVaults extends LocalVaults {
      override async settle(...of: [string, ObjectHandle]): Promise<void> {
        await disk.promise
        return super.settle(...of)
      }
    }
    const slow = new SlowVaults(path.join(place.dataFolder, 'objects'), 'elsewhere')
    const elsewhere = await openVaultWorld(place.database, slow, api.clock)
    await elsewhere.trash(access, second)
    await elsewhere.trash(access, third)
    await world.runUntil('moving')
    disk.resolve()
    await elsewhere.ledger.idle()
    await world.run()
    assert.deepEqual(
      [await world.read(first), await world.read(second), await world.read(third)],
      ['first', 'second', 'third'],
    )
    await world.assertAccountsAgree()
    await slow.close()
  },
)

onEachDatabase(
  'what was removed, stored again, brought back and removed once more can be put back to either time',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api } = world
    const moments: number[] = []
    const pass = () => {
      api.clock.advance(minute)
      moments.push(api.clock.now())
      api.clock.advance(minute)
    }
    const pack = await world.put('data', 'pack')
    const config = await world.putConfig('the first config')
    pass()
    await world.remove(pack)
    await world.remove(config)
    pass()
    await world.put('data', 'pack')
    await world.putConfig('another config')
    pass()
    await world.remove(pack)
    await world.remove(config)
    const [first, , second] = moments
    for (const [moment, content] of [
      [first, 'the first config'],
      [second, 'another config'],
      [first, 'the first config'],
    ] as const) {
      pass()
      const undeletion = await world.putBack({ moment })
      assert.deepEqual([undeletion.step, undeletion.restoredObjects], ['done', 2])
      assert.equal(await world.read(pack), 'pack')
      assert.equal(await world.read(config), content)
      pass()
      await world.remove(pack)
      await world.remove(config)
      await world.assertAccountsAgree()
    }
  },
)

onEachDatabase(
  'files that the disk refuses to move back keep neither the others nor a start waiting',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, access, store, ledger } = world
    const [bad, good, lost] = [
      await world.put('data', 'bad'),
      await world.put('data', 'good'),
      await world.put('index', 'lost'),
    ]
    api.clock.advance(minute)
    const moment = api.clock.now()
    api.clock.advance(minute)
    for (const handle of [bad, good, lost]) await world.remove(handle)
    await ledger.idle()
    const vault = path.join(place.dataFolder, 'objects/vaults', folderOf(access))
    const badFolder = path.join(vault, 'data', bad.name.slice(0, 2))
    assert.ok(!existsSync(path.join(badFolder, good.name)))
    rmSync(badFolder, { recursive: true })
    writeFileSync(badFolder, '')
    // Its file and its folder are gone.
    rmSync(path.join(vault, 'index'), { recursive: true })
    for (const trashId of store.findInTrash(folderOf(access), lost))
      store.purge(folderOf(access), lost, trashId)

    await api.send('POST', `/api/v1/clients/${world.client.id}/put-back`, { moment })
    await assert.rejects(world.run())
    assert.equal(await world.read(good), 'good')
    await ledger.finishPendingMoves()
    rmSync(badFolder)
    await world.run()
    assert.equal(await world.read(bad), 'bad')
    const [undeletion] = (await api.get<List<Undeletion>>('/api/v1/undeletions')).items
    assert.deepEqual([undeletion?.step, undeletion?.damagedObjects], ['damaged', 1])
  },
)

onEachDatabase(
  'a config that the disk refuses to move out of the way does not cost the one that comes back',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, access, ledger } = world
    const config = await world.putConfig('the config')
    api.clock.advance(minute)
    const moment = api.clock.now()
    api.clock.advance(minute)
    await world.remove(config)
    await world.putConfig('a thief’s config')
    await ledger.idle()
    const { id } = await api.send<Undeletion>('POST', `/api/v1/clients/${world.client.id}/put-back`, {
      moment,
    })
    const trash = path.join(place.dataFolder, 'objects/trash', folderOf(access))
    renameSync(trash, `${trash}-away`)
    writeFileSync(trash, '')
    await assert.rejects(world.run())
    rmSync(trash)
    renameSync(`${trash}-away`, trash)
    await world.run()
    assert.equal(await world.read(config), 'the config')

    const [line] = (await api.get<List<Deletion>>('/api/v1/deletions?kind=put-back')).items
    await api.send('POST', `/api/v1/deletions/${line?.id}/undelete`, {})
    await world.run()
    assert.equal(await world.read(config), 'a thief’s config')
    assert.equal((await api.get<Undeletion>(`/api/v1/undeletions/${id}`)).step, 'done')
  },
)

onEachDatabase('an ended trial is not deleted while something comes back into its vault', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, access } = world
  const pack = await world.put('data', 'pack')
  api.clock.advance(minute)
  const moment = api.clock.now()
  api.clock.advance(minute)
  await world.remove(pack)
  await place.database.queries
    .updateTable('clients')
    .set({ state: 'deactivated', trial_ends_at: 1 })
    .where('id', '=', access.id)
    .execute()
  await api.send('POST', `/api/v1/clients/${access.id}/put-back`, { moment })
  await world.runUntil('restoring')
  const parts = { database: place.database, clock: api.clock }
  assert.equal(await deleteEndedTrials(parts), 0)
  await world.run()
  await world.assertAccountsAgree()
  assert.equal(await deleteEndedTrials(parts), 1)
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 4 })
})

test('nothing comes back into a vault that is deleted at the same instant (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await openTrashWorld(place)
  const { api, access, client } = world
  await world.remove(await world.put('data', 'pack'))
  await world.ledger.idle()
  const [line] = (await api.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)).items
  await oneAfterTheOther(
    place,
    ['clients', 'id', client.id],
    () => api.send('DELETE', `/api/v1/clients/${client.id}`),
    () => api.refused('parent-deleted', 'POST', `/api/v1/deletions/${line?.id}/undelete`, { body: {} }),
  )
  await world.run()
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 4 })
})

test('nothing comes back under a reseller or customer that is deleted at the same instant (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await openTrashWorld(place)
  const { api, client, customer, reseller } = world
  for (const [gone, parent] of [
    [`clients/${client.id}`, `customers/${customer.id}`],
    [`customers/${customer.id}?contents=delete`, `resellers/${reseller.id}`],
  ]) {
    api.clock.advance(1000)
    await api.send('DELETE', `/api/v1/${gone}`)
    const [line] = (await api.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
    const undelete = `/api/v1/deletions/${line?.id}/undelete`
    await oneAfterTheOther(
      place,
      ['customers', 'id', customer.id],
      () => api.send('DELETE', `/api/v1/${parent}?contents=delete`),
      () => api.refused('parent-deleted', 'POST', undelete, { body: {} }),
    )
    api.clock.advance(1000)
    const [above] = (await api.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
    if (above?.kind === 'customer') await api.send('POST', `/api/v1/deletions/${above.id}/undelete`, {})
  }
})

test('a client does not come back beside one that takes its ID at the same instant (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await openTrashWorld(place)
  const { api, client } = world
  const other = await api.customer({ name: 'Other' })
  await api.send('DELETE', `/api/v1/clients/${client.id}`)
  const [line] = (await api.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
  const undelete = `/api/v1/deletions/${line?.id}/undelete`
  await oneAfterTheOther(
    place,
    // Its clients are counted in it once they are there.
    ['customers', 'id', other.id],
    () => api.client(other, { clientId: client.clientId }),
    () => api.refused('client-id-taken', 'POST', undelete, { body: {} }),
  )
})

test('what is asked of a client while it moves happens where it is then (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await openTrashWorld(place)
  const { api, client, customer, reseller } = world
  const elsewhere = await api.reseller({ name: 'Elsewhere' })
  const bakery = await api.customer({ name: 'Bakery', reseller: elsewhere.id })
  const moment = api.clock.now()
  api.clock.advance(1000)
  await world.put('data', 'pack')
  const path = `/api/v1/clients/${client.id}`
  const [before, after] = [
    [customer.id, reseller.id],
    [bakery.id, elsewhere.id],
  ]
  const whileItMoves = async (to: string, method: string, address: string, body?: unknown) => {
    await oneAfterTheOther(
      place,
      ['clients', 'id', client.id],
      () => api.send('POST', `${path}/move`, { customer: to }),
      () => api.send(method, address, body),
    )
  }
  await whileItMoves(bakery.id, 'POST', `${path}/put-back`, { moment, added: 'remove' })
  await world.run()
  const { customer_id } = await place.database.queries
    .selectFrom('undeletions')
    .select('customer_id')
    .executeTakeFirstOrThrow()
  assert.equal(customer_id, bakery.id)
  await world.put('data', 'another')
  await whileItMoves(customer.id, 'DELETE', path)
  for (const owner of before) assert.deepEqual(await world.space(owner), { used: 0, reserved: 0, trash: 11 })
  for (const owner of after) assert.deepEqual(await world.space(owner), { used: 0, reserved: 0, trash: 0 })
})
