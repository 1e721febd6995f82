import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startApiWorld } from '../../test-world/api-world.ts'
import { onEachDatabase, openTestPlace } from '../../test-world/on-each-database.ts'
import { untilBlocked } from '../../test-world/until-blocked.ts'
import { userOfIdentity } from './user-of-identity.ts'

onEachDatabase(
  'whoever is given the address of somebody the provider knows by another name does not become them',
  async (place) => {
    await using world = await startApiWorld(place)
    const issuer = 'https://provider.example'
    const comes = (subject: string, verifiedEmail: string, by = issuer) =>
      place.database.transaction((transaction) => userOfIdentity(transaction, by, { subject, verifiedEmail }))
    const ada = await world.user('server-operator')
    assert.equal((await comes('ada', ada.email)).id, ada.id)
    assert.equal((await comes('ada', 'ada@married.example')).id, ada.id, 'her address there may change')
    await assert.rejects(comes('eve', ada.email), { code: 'oidc-no-user' })
    assert.equal((await comes('ada-elsewhere', ada.email, 'https://other.example')).id, ada.id)
    // Whose account there is a new one is invited anew.
    await world.send('DELETE', `/api/v1/users/${ada.id}`)
    const body = { name: 'Ada', email: ada.email, role: 'server-operator' }
    const { id } = await world.send<{ id: string }>('POST', '/api/v1/users', body)
    assert.equal((await comes('eve', ada.email)).id, id)
  },
)

test('who is deactivated while they sign in by a provider stays deactivated (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await startApiWorld(place)
  const { database } = place
  const { id, email } = await world.user('server-operator')
  const person = { subject: 'ada', verifiedEmail: email }
  const signingIn = await database.transaction(async (transaction) => {
    await transaction.updateTable('users').set({ state: 'deactivated' }).where('id', '=', id).execute()
    const begun = [
      assert.rejects(
        database.transaction((another) => userOfIdentity(another, 'https://provider.example', person)),
        { code: 'oidc-no-user' },
      ),
    ]
    await untilBlocked(database)
    return begun
  })
  await Promise.all(signingIn)
  const { state } = await database.queries
    .selectFrom('users')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  assert.equal(state, 'deactivated')
})
