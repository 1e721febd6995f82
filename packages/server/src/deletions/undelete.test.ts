import assert from 'node:assert/strict'
import path from 'node:path'
import type {
  ClientWithSecret,
  CustomerDetails,
  Deletion,
  List,
  Protection,
  PutBackPreview,
  ResellerDetails,
  TrashedVersion,
  Undeletion,
} from '@granary/contract'
import { LocalVaults, type ObjectHandle, type ObjectType } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase, type TestPlace } from '../test-world/on-each-database.ts'
import { openVaultWorld, type VaultWorld } from '../test-world/vault-world.ts'
import { folderOf } from '../vaults/object-ledger.ts'
import { removeObject } from '../vaults/remove-object.ts'
import { purgeTrash } from './purge-trash.ts'
import { runUndeletion } from './run-undeletion.ts'

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

  const preview = await api.get<PutBackPreview>(
    `/api/v1/clients/${client.id}/put-back-preview?moment=${moment}&added=remove`,
  )
  assert.deepEqual(preview, {
    ...{ objects: 2, versions: 1, bytes: 16, addedObjects: 1, addedVersions: 1, addedBytes: 11 },
    ...{ earliest: 0, refusal: null },
  })
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
  assert.match(String(problem.reason), /does not fit/)
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 10 })
  await world.vaults.allot(access.customerId, 10)
  await world.putBack({ moment })
  assert.deepEqual(await world.space(access.customerId), { used: 10, reserved: 0, trash: 0 })
})

onEachDatabase(
  'an object is read before its file has followed; removed again it lies in the trash',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, access, client, ledger } = world
    const [first, second] = [await world.put('data', 'first'), await world.put('data', 'second')]
    api.clock.advance(minute)
    const moment = api.clock.now() - 1
    await world.remove(first)
    await world.remove(second)
    await ledger.idle()
    await api.send('POST', `/api/v1/clients/${client.id}/put-back`, { moment })
    const { queries } = place.database
    await world.runUntil('moving')
    assert.equal(world.store.bytes(folderOf(access), first), null, 'its file has not followed yet')
    assert.equal(await ledger.returning.returnNow(access, first), true)
    assert.equal(await world.read(first), 'first')
    assert.equal(await ledger.returning.returnNow(access, first), false)
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
  assert.match(String(problem.reason), /Give a name/)
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

onEachDatabase('a deleted client is purged with its vault when its window ends', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client, access, store } = world
  const pack = await world.put('data', 'pack')
  await world.remove(await world.put('data', 'gone before'))
  await world.ledger.idle()
  await api.send('DELETE', `/api/v1/clients/${client.id}`)
  const parts = { database: place.database, store, clock: api.clock }
  await purgeTrash(parts)
  const [line] = (await api.get<List<Deletion>>('/api/v1/deletions?limit=1')).items
  assert.equal(line?.state, 'in-trash')
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 15 })
  api.clock.advance(14 * day)
  await purgeTrash(parts)
  const states = (await api.get<List<Deletion>>('/api/v1/deletions')).items.map(({ state }) => state)
  assert.deepEqual(states, ['purged', 'purged'])
  for (const owner of [access.id, access.customerId, access.resellerId])
    assert.deepEqual(await world.space(owner), { used: 0, reserved: 0, trash: 0 })
  assert.equal(store.bytes(folderOf(access), pack), null)
  const { queries } = place.database
  for (const table of ['objects', 'trash', 'pending_moves'] as const)
    assert.deepEqual(await queries.selectFrom(table).selectAll().execute(), [])
  await api.refused('not-in-trash', 'POST', `/api/v1/deletions/${line?.id}/undelete`, { body: {} })
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
    await purgeTrash({ database: place.database, store, clock: api.clock })
    const address = `/api/v1/clients/${client.id}/put-back`
    const problem = await api.refused('trash-purged', 'POST', address, { body: { moment } })
    assert.equal(problem.earliest, removedAt)
    await api.refused('invalid-request', 'POST', address, { body: { moment: api.clock.now() + minute } })
    await world.putBack({ moment, partial: true })
    assert.deepEqual(await world.listed('data'), [second.name])
  },
)

/** A reseller with a customer with a client, the API that manages them and the parts that store for them. */
interface TrashWorld extends AsyncDisposable {
  readonly api: ApiWorld
  readonly vaults: VaultWorld
  readonly store: LocalVaults
  readonly ledger: VaultWorld['ledger']
  readonly reseller: ResellerDetails
  readonly customer: CustomerDetails
  readonly client: ClientWithSecret
  readonly access: VaultAccess
  put(type: ObjectType, content: string): Promise<ObjectHandle>
  putConfig(content: string): Promise<ObjectHandle>
  remove(handle: ObjectHandle): Promise<void>
  read(handle: ObjectHandle | undefined): Promise<string | undefined>
  listed(type: ObjectType): Promise<string[]>
  space(ownerId: string): Promise<{ used: number; reserved: number; trash: number }>
  /** Asks for it and carries it to its end. */
  putBack(body: Record<string, unknown>): Promise<Undeletion>
  run(): Promise<number>
  /** As if the process died when the step had begun. */
  runUntil(step: Undeletion['step']): Promise<void>
  /** What accounts say is what the rows add up to. */
  assertAccountsAgree(): Promise<void>
}

async function openTrashWorld(place: TestPlace): Promise<TrashWorld> {
  const { database } = place
  const api = await startApiWorld(place)
  const store = new LocalVaults(path.join(place.dataFolder, 'objects'), 'test')
  const vaults = await openVaultWorld(database, store, api.clock)
  const { ledger } = vaults
  const reseller = await api.reseller({ name: 'Reseller' })
  const customer = await api.customer({ name: 'Customer', reseller: reseller.id })
  const client = await api.client(customer, { clientId: 'web01' })
  const access = await vaults.access(customer.urlKey, client.clientId)
  const folder = folderOf(access)
  const parts = { database, store, ledger, clock: api.clock }
  const waiting = () =>
    database.queries.selectFrom('undeletions').select('id').where('finished_at', 'is', null).execute()
  const world: TrashWorld = {
    ...{ api, vaults, store, ledger, reseller, customer, client, access },
    async put(type, content) {
      return (await vaults.put(access, type, content)).handle
    },
    async putConfig(content) {
      const handle: ObjectHandle = { type: 'config', name: '' }
      const incoming = store.receive(folder, handle)
      incoming.write(Buffer.from(content))
      await incoming.persist()
      assert.deepEqual(await incoming.publish(), { existed: false })
      const bytes = incoming.receivedBytes
      await ledger.stored({
        access,
        handle,
        bytes,
        reservation: undefined,
        content: null,
        actor: 'client',
        address: '',
      })
      await incoming.release()
      return handle
    },
    async remove(handle) {
      const found = await ledger.find(access, handle)
      assert.ok(found)
      const until = api.clock.now() + access.undeleteWindowMs
      await ledger.trashed({ access, handle, storedAt: found.storedAt, until, actor: 'client', address: '' })
    },
    async read(handle) {
      assert.ok(handle)
      assert.ok(await ledger.find(access, handle), `${handle.type} is in the ledger`)
      const object = await store.open(folder, handle)
      const content = object?.readWhole(1000)?.toString()
      object?.close()
      return content
    },
    async listed(type) {
      const names: string[] = []
      for await (const page of ledger.list(access, type, 1000)) names.push(...page.map(({ name }) => name))
      return names
    },
    async space(ownerId) {
      const row = await database.queries
        .selectFrom('space')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .executeTakeFirstOrThrow()
      return { used: row.used_bytes, reserved: row.reserved_bytes, trash: row.trash_bytes }
    },
    async putBack(body) {
      const { id } = await api.send<Undeletion>('POST', `/api/v1/clients/${client.id}/put-back`, body)
      assert.equal(await world.run(), 1)
      return api.get<Undeletion>(`/api/v1/undeletions/${id}`)
    },
    async run() {
      const found = await waiting()
      for (const { id } of found) await runUndeletion(parts, id)
      return found.length
    },
    async runUntil(step) {
      for (const { id } of await waiting()) await runUndeletion(parts, id, { until: step })
    },
    async assertAccountsAgree() {
      const sum = async (table: 'objects' | 'trash') => {
        const { bytes } = await database.queries
          .selectFrom(table)
          .select((eb) => eb.fn.sum<number | null>('bytes').as('bytes'))
          .executeTakeFirstOrThrow()
        return bytes ?? 0
      }
      const { used, trash } = await world.space(access.customerId)
      assert.deepEqual({ used, trash }, { used: await sum('objects'), trash: await sum('trash') })
    },
    async [Symbol.asyncDispose]() {
      await ledger.idle()
      await store.close()
      await api[Symbol.asyncDispose]()
    },
  }
  return world
}

/** All that the API and the accounts say of the branch. */
async function everything(api: ApiWorld, world: TrashWorld) {
  return {
    reseller: await api.get(`/api/v1/resellers/${world.reseller.id}`),
    customer: await api.get(`/api/v1/customers/${world.customer.id}`),
    client: await api.get(`/api/v1/clients/${world.client.id}`),
    space: await Promise.all([world.access.id, world.customer.id, world.reseller.id].map(world.space)),
  }
}

onEachDatabase('a purge by hand needs a reason, and a second person where settings say so', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client, customer, access, store } = world
  const pack = await world.put('data', 'pack')
  await world.remove(pack)
  await world.ledger.idle()
  const [line] = (await api.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)).items
  const address = `/api/v1/deletions/${line?.id}/purge`
  await api.send('PATCH', `/api/v1/customers/${customer.id}/protection`, { twoPersonPurge: true })
  const asked = await api.send<Deletion>('POST', address, { reason: 'asked by law' })
  assert.deepEqual(
    [asked.state, asked.purge?.approved, asked.purge?.reason],
    ['in-trash', false, 'asked by law'],
  )
  await api.refused('second-person-needed', 'POST', address, { body: { reason: 'asked by law' } })
  await api.runJobs()
  assert.equal(
    (await world.space(access.customerId)).trash,
    4,
    'nothing goes before the second person agrees',
  )
  const second = await api.key('server-admin')
  const approved = await api.send<Deletion>('POST', address, { reason: 'agreed' }, { key: second })
  assert.equal(approved.purge?.approved, true)
  await api.runJobs()
  const gone = await api.get<Deletion>(`/api/v1/deletions/${line?.id}`)
  assert.deepEqual([gone.state, gone.reason, gone.purge], ['purged', 'asked by law', null])
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 0 })
  assert.equal(store.shareTrash(folderOf(access), pack, 1, 2), false, 'the bytes are gone')
  await api.refused('not-in-trash', 'POST', address, { body: { reason: 'again' } })

  await api.send('PATCH', `/api/v1/customers/${customer.id}/protection`, { twoPersonPurge: null })
  await world.put('data', 'another pack')
  await api.send('DELETE', `/api/v1/clients/${client.id}`)
  const [vault] = (await api.get<List<Deletion>>('/api/v1/deletions?kind=client')).items
  await api.send('POST', `/api/v1/deletions/${vault?.id}/purge`, { reason: 'left for good' })
  await api.runJobs()
  const purged = await api.get<Deletion>(`/api/v1/deletions/${vault?.id}`)
  assert.deepEqual([purged.state, purged.reason], ['purged', 'left for good'])
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 0 })
})

onEachDatabase(
  'windows are inherited, capped by the server, and no client shortens what is kept',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client, customer, reseller, vaults } = world
    const days = async () => {
      const { undeleteWindowMs, keepMs } = await vaults.access(customer.urlKey, client.clientId)
      return [undeleteWindowMs / day, keepMs / day]
    }
    assert.deepEqual(await days(), [14, 0])
    await api.send('PATCH', '/api/v1/protection', { undeleteDays: 30, mostUndeleteDays: 100 })
    assert.deepEqual(await days(), [30, 0])
    await api.send('PATCH', `/api/v1/resellers/${reseller.id}/protection`, { undeleteDays: 60 })
    assert.deepEqual(await days(), [60, 0])
    const edited = await api.send<Protection>('PATCH', `/api/v1/customers/${customer.id}/protection`, {
      undeleteDays: 3650,
      minimumKeepDays: 120,
    })
    assert.deepEqual([edited.undeleteDays, edited.effective.undeleteDays], [3650, 100])
    assert.deepEqual(await days(), [100, 120])

    // A version received today needs a pack from long ago: both stay for its minimum, whatever the client removes.
    await api.send('PATCH', '/api/v1/protection', { mostUndeleteDays: 1 })
    const pack = await world.put('data', 'pack')
    api.clock.advance(100 * day)
    const received = api.clock.now()
    await world.put('snapshots', 'a version')
    const access = await vaults.access(customer.urlKey, client.clientId)
    await removeObject({ ledger: world.ledger, clock: api.clock }, access, pack, '192.0.2.1')
    const { until } = await place.database.queries
      .selectFrom('trash')
      .select('until')
      .executeTakeFirstOrThrow()
    assert.ok(until >= received + 120 * day && until < received + 121 * day)
  },
)

onEachDatabase('the trash counts against the customer’s limit where settings say so', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client, customer, vaults } = world
  await vaults.allot(customer.id, 100)
  await world.remove(await world.put('data', 'x'.repeat(60)))
  const reserve = async () => {
    const access = await vaults.access(customer.urlKey, client.clientId)
    await using reservation = vaults.quotas.reservation(access)
    await reservation.extendTo(50, { headroomBytes: 0 })
  }
  await reserve()
  await api.send('PATCH', `/api/v1/customers/${customer.id}/protection`, { trashCounts: true })
  await assert.rejects(reserve(), { code: 'quota-exceeded' })
})
