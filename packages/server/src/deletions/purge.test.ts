import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { AuditEntry, CustomerDetails, Deletion, List, Protection } from '@granary/contract'
import { type SqlBool, sql } from 'kysely'
import pino from 'pino'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openTrashWorld } from '../test-world/trash-world.ts'
import { oneAfterTheOther } from '../test-world/until-blocked.ts'
import { folderOf } from '../vaults/object-ledger.ts'
import { removeObject } from '../vaults/remove-object.ts'
import { purgeEntries, purgeTrash } from './purge-trash.ts'
import { purgeDeletedVaults } from './purge-vaults.ts'

const day = 24 * 60 * 60_000

onEachDatabase('a deleted client is purged with its vault when its window ends', async (place) => {
  await using world = await openTrashWorld(place)
  const { api, client, access, store } = world
  const pack = await world.put('data', 'pack')
  await world.remove(await world.put('data', 'gone before'))
  await world.ledger.idle()
  await api.send('DELETE', `/api/v1/clients/${client.id}`)
  const parts = { database: place.database, store, clock: api.clock, log: pino({ level: 'silent' }) }
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

for (const kind of ['client', 'customer'] as const) {
  onEachDatabase(
    `a ${kind} that is undeleted while it is purged is either back or gone, and the report says which`,
    async (place) => {
      await using world = await openTrashWorld(place)
      const { api, client, customer, store, access } = world
      await world.put('data', 'pack')
      await world.ledger.idle()
      if (kind === 'client') await api.send('DELETE', `/api/v1/clients/${client.id}`)
      else await api.send('DELETE', `/api/v1/customers/${customer.id}?contents=delete`)
      const [line] = (await api.get<List<Deletion>>(`/api/v1/deletions?kind=${kind}`)).items
      assert.ok(line)
      const purger = await place.openAnother()
      const parts = { database: purger, store, clock: api.clock, log: pino({ level: 'silent' }) }
      const by = { actor: 'policy:undelete-window', address: '', endedBy: api.clock.now() }
      const undelete = () => api.call('POST', `/api/v1/deletions/${line.id}/undelete`, { body: {} })
      // On PostgreSQL both wait for the client, the purge first; on SQLite one comes after the other.
      const [purged, answer] =
        place.database.kind === 'sqlite'
          ? await Promise.all([purgeDeletedVaults(parts, line.id, by), undelete()])
          : await oneAfterTheOther(
              place,
              ['clients', 'vault_no', access.vaultNo],
              () => purgeDeletedVaults(parts, line.id, by),
              undelete,
            )
      const after = await api.get<Deletion>(`/api/v1/deletions/${line.id}`)
      assert.equal(answer.status, purged ? 409 : 201)
      assert.equal(after.state, purged ? 'purged' : 'restored')
      assert.equal((await world.space(access.customerId)).used, purged ? 0 : 4)
    },
  )
}

onEachDatabase(
  'what a vault that is being purged had in its trash is purged with it, and not once more by itself',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client, store, access } = world
    await world.put('data', 'pack')
    await world.remove(await world.put('data', 'gone before'))
    await world.ledger.idle()
    await api.send('DELETE', `/api/v1/clients/${client.id}`)
    const { items } = await api.get<List<Deletion>>('/api/v1/deletions')
    const line = items.find(({ kind }) => kind === 'client')
    assert.ok(line)
    const purger = await place.openAnother()
    const parts = { database: purger, store, clock: api.clock, log: pino({ level: 'silent' }) }
    const by = { actor: 'policy:undelete-window', address: '' }
    const ofVault = sql<SqlBool>`t.vault_no = ${access.vaultNo}`
    const whole = () => purgeDeletedVaults(parts, line.id, { ...by, endedBy: api.clock.now() })
    const alone = () => purgeEntries(parts, ofVault, by)
    // On SQLite one comes after the other; the rows of the trash go last, in transactions of their own.
    const [purged, entries] =
      place.database.kind === 'sqlite'
        ? await Promise.all([whole(), alone()])
        : await oneAfterTheOther(place, ['clients', 'vault_no', access.vaultNo], whole, alone)
    assert.deepEqual([purged, entries], [true, 0])
    for (const owner of [access.id, access.customerId, access.resellerId])
      assert.deepEqual(await world.space(owner), { used: 0, reserved: 0, trash: 0 })
  },
)

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
  const kept = await api.send<Deletion>('DELETE', address, undefined, { key: second })
  assert.deepEqual([kept.state, kept.purge], ['in-trash', null])
  const [entry] = (await api.get<List<AuditEntry>>('/api/v1/audit-log?limit=1')).items
  assert.equal(entry?.event, 'deletion.purge-refused')
  assert.match(JSON.stringify(entry?.details), /"reason":"asked by law"/)
  await api.refused('purge-not-waiting', 'DELETE', address)
  await api.refused('purge-not-waiting', 'DELETE', address, { key: second })
  const again = await api.send<Deletion>('POST', address, { reason: 'asked by law' }, { key: second })
  assert.equal(again.purge?.approved, false, 'who refused has to find a second person, too')
  await api.send('DELETE', address, undefined, { key: second })
  await api.send('POST', address, { reason: 'asked by law' })
  const approved = await api.send<Deletion>('POST', address, { reason: 'agreed' }, { key: second })
  assert.equal(approved.purge?.approved, true)
  await api.refused('purge-not-waiting', 'DELETE', address, { key: second })
  await api.runJobs()
  const gone = await api.get<Deletion>(`/api/v1/deletions/${line?.id}`)
  assert.deepEqual([gone.state, gone.reason, gone.purge], ['purged', 'asked by law', null])
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 0 })
  assert.deepEqual(store.findInTrash(folderOf(access), pack), [], 'the bytes are gone')
  await api.refused('not-in-trash', 'POST', address, { body: { reason: 'again' } })

  await api.send('PATCH', `/api/v1/customers/${customer.id}/protection`, { twoPersonPurge: null })
  await world.put('data', 'another pack')
  await world.put('snapshots', 'a version')
  const runs = () => place.database.queries.selectFrom('runs').select('name').execute()
  assert.equal((await runs()).length, 1)
  await api.send('DELETE', `/api/v1/clients/${client.id}`)
  const [vault] = (await api.get<List<Deletion>>('/api/v1/deletions?kind=client')).items
  await api.send('POST', `/api/v1/deletions/${vault?.id}/purge`, { reason: 'left for good' })
  await api.runJobs()
  const purged = await api.get<Deletion>(`/api/v1/deletions/${vault?.id}`)
  assert.deepEqual([purged.state, purged.reason], ['purged', 'left for good'])
  assert.deepEqual(await runs(), [])
  assert.deepEqual(await world.space(access.customerId), { used: 0, reserved: 0, trash: 0 })
})

onEachDatabase(
  'nobody is their own second person, as another user or by an API key of theirs',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, client, reseller } = world
    await world.remove(await world.put('data', 'pack'))
    await world.ledger.idle()
    await api.send('PATCH', '/api/v1/protection', { twoPersonPurge: true })
    const [line] = (await api.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)).items
    const address = `/api/v1/deletions/${line?.id}/purge`
    const body = { reason: 'room' }
    const ada = await api.user('server-admin')
    const rob = await api.user('reseller-admin', reseller.id)
    await api.send('POST', address, body, ada)
    const made = await api.send<{ key: string }>('POST', '/api/v1/api-keys', adminKey, ada)
    const further = await api.send<{ key: string }>('POST', '/api/v1/api-keys', adminKey, made)
    for (const { key } of [made, further])
      await api.refused('second-person-needed', 'POST', address, { key, body })
    await api.send('POST', `/api/v1/users/${rob.id}/act-as`, { mode: 'act' }, ada)
    await api.refused('second-person-needed', 'POST', address, { ...ada, body })
    const another = { name: 'k', role: 'reseller-admin' }
    const asRob = await api.send<{ key: string }>('POST', '/api/v1/api-keys', another, ada)
    await api.refused('second-person-needed', 'POST', address, { key: asRob.key, body })
    const approved = await api.send<Deletion>('POST', address, body, rob)
    assert.equal(approved.purge?.approved, true)

    // Who acted as somebody else is the one whom the report names.
    await api.send('DELETE', `/api/v1/clients/${client.id}`, undefined, ada)
    const [deleted] = (await api.get<List<Deletion>>('/api/v1/deletions?kind=client')).items
    assert.equal(deleted?.by.name, `${ada.name} as ${rob.name}`)
  },
)

const adminKey = { name: 'k', role: 'server-admin' }

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
  await assert.rejects(reserve(), {
    code: 'quota-exceeded',
    facts: { level: 'customer', limitBytes: 100, usedBytes: 0, trashBytes: 60, requestedBytes: 50 },
  })
  const shown = await api.get<CustomerDetails>(`/api/v1/customers/${customer.id}`)
  assert.deepEqual([shown.space.usedBytes, shown.space.trashBytes], [0, 60], 'shown apart')
})

onEachDatabase(
  'what the disk refused to move into the trash follows once it does, and is purged',
  async (place) => {
    await using world = await openTrashWorld(place)
    const { api, store, access } = world
    const folder = folderOf(access)
    const pack = await world.put('data', 'pack')
    const trash = path.join(place.dataFolder, 'objects', 'trash', folder)
    writeFileSync(trash, 'as on a disk that is full, no folder can be made here')
    await assert.rejects(world.remove(pack))
    rmSync(trash)
    await world.ledger.idle()
    await api.runJobs()
    assert.equal(store.bytes(folder, pack), null)
    await api.letPass(15 * day)
    await api.runJobs()
    assert.deepEqual(store.findInTrash(folder, pack), [])
    assert.deepEqual(await place.database.queries.selectFrom('trash').selectAll().execute(), [])
  },
)
