import assert from 'node:assert/strict'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { verifyAuditLog } from './audit.ts'

onEachDatabase(
  'every change is one entry with who, what and where; refusals and reads are none',
  async (place) => {
    await using world = await startApiWorld(place)
    const customer = await world.customer({ name: 'Acme' })
    await world.refused('name-taken', 'POST', '/api/v1/customers', { body: { name: 'acme' } })
    await world.get('/api/v1/customers')
    await world.send('POST', `/api/v1/customers/${customer.id}/deactivate`)
    const entries = await place.database.queries.selectFrom('audit_log').selectAll().orderBy('seq').execute()
    assert.deepEqual(
      entries.map(({ event, target_id, target_name, customer_id, address }) => {
        return { event, target_id, target_name, customer_id, address }
      }),
      ['customer.created', 'customer.deactivated'].map((event) => {
        return {
          event,
          target_id: customer.id,
          target_name: 'Acme',
          customer_id: customer.id,
          address: '127.0.0.1',
        }
      }),
    )
    assert.match(entries[0]?.actor ?? '', /^api-key:key_/)
    assert.deepEqual(await verifyAuditLog(place.database), { intact: true, entries: 2, prunedEntries: 0 })
  },
)

onEachDatabase(
  'no entry can be changed, removed, slipped in or cut off without being noticed',
  async (place) => {
    await using world = await startApiWorld(place)
    const { database } = place
    const calls = Array.from({ length: 8 }, (_, i) => world.customer({ name: `Customer ${i}` }))
    await Promise.all(calls)
    assert.deepEqual(await verifyAuditLog(database), { intact: true, entries: 8, prunedEntries: 0 })
    const entries = await database.queries.selectFrom('audit_log').selectAll().orderBy('seq').execute()
    const third = entries[2]
    const last = entries[7]
    assert.ok(third && last)
    const damages = [
      [
        third.seq,
        () =>
          database.queries
            .updateTable('audit_log')
            .set({ actor_name: 'Eve' })
            .where('seq', '=', third.seq)
            .execute(),
        () => database.queries.updateTable('audit_log').set(third).where('seq', '=', third.seq).execute(),
      ],
      [
        third.seq + 1,
        () => database.queries.deleteFrom('audit_log').where('seq', '=', third.seq).execute(),
        () => database.queries.insertInto('audit_log').values(third).execute(),
      ],
      [
        null,
        () => database.queries.deleteFrom('audit_log').where('seq', '=', last.seq).execute(),
        () => database.queries.insertInto('audit_log').values(last).execute(),
      ],
      [
        last.seq + 1,
        () =>
          database.queries
            .insertInto('audit_log')
            .values({ ...third, seq: last.seq + 1 })
            .execute(),
        () =>
          database.queries
            .deleteFrom('audit_log')
            .where('seq', '=', last.seq + 1)
            .execute(),
      ],
    ] as const
    for (const [brokenAt, damage, mend] of damages) {
      await damage()
      const verdict = await verifyAuditLog(database)
      assert.ok(!verdict.intact)
      assert.equal(verdict.brokenAt, brokenAt, verdict.reason.message)
      await mend()
      assert.ok((await verifyAuditLog(database)).intact)
    }
  },
)
