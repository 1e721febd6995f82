import assert from 'node:assert/strict'
import type { AuditVerdict, RetentionSettings } from '@granary/contract'
import { appendAuditEntry, verifyAuditLog } from '../audit/audit.ts'
import type { Database } from '../platform/database/database.ts'
import { addJob } from '../platform/jobs/jobs.ts'
import { newId } from '../platform/new-id.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

const day = 24 * 60 * 60_000

onEachDatabase(
  'logs are kept as long as settings say, and what is open or waits is kept for ever',
  async (place) => {
    await using world = await startApiWorld(place)
    const { queries } = world.database
    const now = world.clock.now()
    const customer = await world.customer({ name: 'Bakery' })
    const alert = (name: string, resolvedAt: number | null) => ({
      ...{ id: newId('alert'), kind: 'space-low' as const, subject_id: name, subject_name: name, text: name },
      ...{ reseller_id: null, customer_id: null, began_at: 0, resolved_at: resolvedAt, mailed_at: 0 },
    })
    const many = Array.from({ length: 1200 }, (_, n) => alert(`old ${n}`, now - 400 * day))
    for (let i = 0; i < many.length; i += 100) {
      await queries
        .insertInto('alerts')
        .values(many.slice(i, i + 100))
        .execute()
    }
    await queries
      .insertInto('alerts')
      .values([alert('new', now - 300 * day), alert('open', null)])
      .execute()
    await world.send('PATCH', '/api/v1/settings/alerts', { kinds: [] })
    await addJob(queries, { kind: 'mail', payload: {}, now: 0, dueAt: now + 900 * day })
    await addJob(queries, { kind: 'mail', payload: {}, now: 0, dueAt: now })
    await queries
      .updateTable('jobs')
      .set({ given_up_at: now - 31 * day })
      .where('due_at', '=', now)
      .where('kind', '=', 'mail')
      .execute()
    const bea = await world.user('customer-admin', customer.id)
    await world.user('customer-admin', customer.id)
    await queries
      .updateTable('sessions')
      .set({ expires_at: now - 8 * day })
      .where('user_id', '=', bea.id)
      .execute()

    await world.runJobs()
    const left = await queries.selectFrom('alerts').select(['subject_name', 'resolved_at']).execute()
    // Nothing was the matter any more, so what was open is over by now.
    assert.deepEqual(left.map(({ subject_name }) => subject_name).toSorted(), ['new', 'open'])
    assert.equal(await count(world.database, 'sessions'), 1)
    assert.deepEqual(
      (await queries.selectFrom('jobs').select('given_up_at').where('kind', '=', 'mail').execute()).length,
      1,
    )
    await world.send('PATCH', '/api/v1/settings/retention', { alertDays: 90, sessionDays: null })
    await world.runJobs()
    assert.equal(await count(world.database, 'alerts'), 1, 'at once when it is set')
  },
)

onEachDatabase('lines of the deleted report go when nothing of them is in the trash', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  for (const clientId of ['gone', 'kept', 'back']) await world.client(customer, { clientId })
  const { items } = await world.get<{ items: { id: string }[] }>(`/api/v1/customers/${customer.id}/clients`)
  for (const { id } of items) {
    await world.send('POST', `/api/v1/clients/${id}/deactivate`)
    await world.send('DELETE', `/api/v1/clients/${id}`)
  }
  const report = async () =>
    (await world.get<{ items: { id: string; name: string; state: string }[] }>('/api/v1/deletions')).items
  const lineOf = async (name: string) => (await report()).find((line) => line.name === name)?.id ?? ''
  await world.send('POST', `/api/v1/deletions/${await lineOf('back')}/undelete`, {})
  await world.runJobs()
  await world.send('PATCH', '/api/v1/settings/retention', { deletedReportDays: 30 })
  await world.database.queries
    .updateTable('deletions')
    .set({ until: world.clock.now() + 900 * day })
    .where('name', '=', 'kept')
    .execute()
  await world.database.queries.updateTable('clients').set({ trial_ends_at: null }).execute()
  await world.letPass(29 * day)
  await world.runJobs()
  assert.deepEqual((await report()).map(({ name, state }) => [name, state]).toSorted(), [
    ['back', 'restored'],
    ['gone', 'purged'],
    ['kept', 'in-trash'],
  ])
  world.clock.advance(2 * day)
  await world.runJobs()
  assert.deepEqual(
    (await report()).map(({ name }) => name),
    ['kept'],
  )
})

onEachDatabase(
  'the audit log is kept for ever, or its beginning goes and the rest can be verified',
  async (place) => {
    await using world = await startApiWorld(place)
    const { queries } = world.database
    await world.send('PATCH', '/api/v1/settings/alerts', { kinds: [] })
    await world.database.transaction(async (transaction) => {
      for (let n = 0; n < 600; n += 1) await appendAuditEntry(transaction, entry(world.clock.now(), n))
    })
    world.clock.advance(4000 * day)
    await world.runJobs()
    assert.deepEqual(await verify(world), { intact: true, entries: 601, prunedEntries: 0 })
    for (const auditDays of [0, 89, 1.5, 40_000, 'ever']) {
      await world.refused('invalid-request', 'PATCH', '/api/v1/settings/retention', { body: { auditDays } })
    }
    const settings = await world.send<RetentionSettings>('PATCH', '/api/v1/settings/retention', {
      auditDays: 90,
    })
    assert.deepEqual([settings.auditDays, settings.alertDays], [90, 365])
    await world.runJobs()
    const rest = async () =>
      (await queries.selectFrom('audit_log').select('event').orderBy('seq').execute()).map(
        ({ event }) => event,
      )
    assert.deepEqual(await rest(), ['settings.retention-edited', 'audit-log.pruned'])
    assert.deepEqual(await verify(world), { intact: true, entries: 2, prunedEntries: 601 })
    const seen = await world.get<AuditVerdict>('/api/v1/audit-log/verification')
    assert.deepEqual([seen.intact, seen.prunedEntries], [true, 601])

    world.clock.advance(100 * day)
    await world.runJobs()
    assert.deepEqual(await rest(), ['audit-log.pruned'])
    assert.deepEqual(await verify(world), { intact: true, entries: 1, prunedEntries: 603 })
    world.clock.advance(day)
    await world.runJobs()
    assert.deepEqual(await rest(), ['audit-log.pruned'], 'nothing is said of nothing')
  },
)

onEachDatabase(
  'entries cut off the beginning by hand are noticed, however the anchor is set',
  async (place) => {
    await using world = await startApiWorld(place)
    const { database } = world
    const { queries } = database
    await world.send('PATCH', '/api/v1/settings/alerts', { kinds: [] })
    await world.send('PATCH', '/api/v1/settings/retention', { auditDays: 90 })
    world.clock.advance(100 * day)
    await world.customer({ name: 'Bakery' })
    await world.customer({ name: 'Clinic' })
    await world.runJobs()
    const expected = { intact: true, entries: 3, prunedEntries: 2 }
    assert.deepEqual(await verify(world), expected)
    const [first, ...others] = await queries.selectFrom('audit_log').selectAll().orderBy('seq').execute()
    const head = await queries.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
    assert.ok(first && others.length === 2)
    const cut = () => queries.deleteFrom('audit_log').where('seq', '=', first.seq).execute()
    const anchor = (entries: number, hash: Uint8Array | null) =>
      queries.updateTable('audit_head').set({ pruned_entries: entries, pruned_hash: hash }).execute()
    const mend = async () => {
      await queries.deleteFrom('audit_log').where('seq', '=', first.seq).execute()
      await queries.insertInto('audit_log').values(first).execute()
      await anchor(head.pruned_entries, head.pruned_hash)
      assert.deepEqual(await verify(world), expected)
    }
    for (const damage of [
      () => cut(),
      () => cut().then(() => anchor(3, first.hash)),
      () => cut().then(() => anchor(2, first.hash)),
      () => anchor(1, head.pruned_hash),
      () => anchor(0, null),
    ]) {
      await damage()
      assert.equal((await verifyAuditLog(database)).intact, false, String(damage))
      await mend()
    }
  },
)

function entry(at: number, n: number) {
  return {
    ...{ at, event: 'session.began' as const, actor: 'command-line', actorName: '', address: '' },
    ...{ resellerId: null, customerId: null, targetId: null, targetName: `thing ${n}`, details: {} },
  }
}

const verify = (world: ApiWorld) => verifyAuditLog(world.database)

async function count(database: Database, table: 'alerts' | 'sessions'): Promise<number> {
  return (await database.queries.selectFrom(table).select('id').execute()).length
}
