import assert from 'node:assert/strict'
import type { Client, List } from '@granary/contract'
import { endTrials } from '../clients/end-trials.ts'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { deleteEndedTrials } from './delete-ended-trials.ts'

const day = 24 * 3_600_000

onEachDatabase(
  'the data of an ended trial goes into the trash when its days are over, once',
  async (place) => {
    await using world = await startApiWorld(place)
    const customer = await world.customer({ name: 'Bakery' })
    const patient = await world.customer({ name: 'Clinic', trial: { keepDays: 200 } })
    const trial = await world.client(customer, { clientId: 'trial', trial: true })
    await world.client(customer, { clientId: 'prolonged', trial: true })
    await world.client(customer, { clientId: 'regular' })
    await world.client(patient, { clientId: 'patient', trial: true })
    world.clock.advance(31 * day)
    assert.equal(await endTrials(world), 3)
    world.clock.advance(80 * day)
    assert.equal(await deleteEndedTrials(world), 0)
    const clients = async () =>
      (await world.get<List<Client>>('/api/v1/clients')).items.map(({ clientId }) => clientId)
    const { items } = await world.get<List<Client>>('/api/v1/clients?search=prolonged')
    await world.send('PATCH', `/api/v1/clients/${items[0]?.id}`, { trial: null })
    world.clock.advance(10 * day)
    const other = { database: await place.openAnother(), clock: world.clock }
    const deleted = await Promise.all([deleteEndedTrials(world), deleteEndedTrials(other)])
    assert.equal(deleted[0] + deleted[1], 1)
    assert.deepEqual(await clients(), ['patient', 'prolonged', 'regular'])
    const report = await place.database.queries.selectFrom('deletions').selectAll().execute()
    assert.deepEqual(
      report.map((row) => [row.target_id, row.actor, row.state]),
      [[trial.id, 'policy:trial', 'in-trash']],
    )
    const audited = await place.database.queries
      .selectFrom('audit_log')
      .select('event')
      .where('actor', '=', 'policy:trial')
      .execute()
    assert.deepEqual(audited.map((row) => row.event).sort(), [
      'client.deleted',
      ...Array(3).fill('client.trial-ended'),
    ])

    await world.send('POST', `/api/v1/deletions/${report[0]?.id}/undelete`, {})
    assert.equal(await deleteEndedTrials(world), 0, 'what somebody brought back stays')
    const back = await world.get<Client>(`/api/v1/clients/${trial.id}`)
    assert.equal(back.state, 'deactivated')
    await world.refused('trial-ended', 'POST', `/api/v1/clients/${trial.id}/activate`)
    assert.ok(Math.abs((back.trial?.dataDeletedAt ?? 0) - world.clock.now() - 90 * day) < 60_000)
    world.clock.advance(90 * day)
    assert.equal(await deleteEndedTrials(world), 1, 'for as long as after its end')
  },
)
