import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startApiWorld } from '../../test-world/api-world.ts'
import { openTestPlace } from '../../test-world/on-each-database.ts'
import { untilBlocked } from '../../test-world/until-blocked.ts'
import { userOfIdentity } from './user-of-identity.ts'

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
