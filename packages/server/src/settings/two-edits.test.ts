import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startApiWorld } from '../test-world/api-world.ts'
import { openTestPlace } from '../test-world/on-each-database.ts'
import { untilBlocked } from '../test-world/until-blocked.ts'

/** What two people set in two places at once, by the settings it belongs to. */
const edits: Record<string, readonly [Record<string, unknown>, Record<string, unknown>]> = {
  '/api/v1/settings': [{ overAllotting: false }, { resellerManagement: false }],
  '/api/v1/settings/mail': [{ fromName: 'Provider' }, { language: 'de' }],
  '/api/v1/settings/alerts': [{ spacePercent: 70 }, { diskPercent: 7 }],
  '/api/v1/settings/retention': [{ auditDays: 400 }, { alertDays: 40 }],
  '/api/v1/settings/oidc': [{ label: 'Company' }, { clientId: 'granary' }],
}

for (const [path, [one, other]] of Object.entries(edits)) {
  test(`of two edits of ${path} at the same instant both are kept (postgres)`, async () => {
    await using place = await openTestPlace('postgres')
    await using world = await startApiWorld(place)
    await world.send('PATCH', path, {})
    const { database } = place
    const sending = await database.transaction(async (transaction) => {
      await transaction
        .updateTable('settings')
        .set((eb) => ({ value: eb.ref('value') }))
        .execute()
      const sent = [world.send('PATCH', path, one), world.send('PATCH', path, other)]
      await untilBlocked(database, 2)
      return sent
    })
    await Promise.all(sending)
    const kept = await world.get<Record<string, unknown>>(path)
    assert.deepEqual({ ...kept, ...one, ...other }, kept)
  })
}
