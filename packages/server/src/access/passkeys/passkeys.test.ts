import assert from 'node:assert/strict'
import type { Account, Session } from '@granary/contract'
import { type ApiWorld, startApiWorld, userPassword } from '../../test-world/api-world.ts'
import { Authenticator } from '../../test-world/authenticator.ts'
import { onEachDatabase } from '../../test-world/on-each-database.ts'

const passkeys = '/api/v1/account/passkeys'
type Options = { options: Record<string, unknown> }
type Caller = Awaited<ReturnType<ApiWorld['user']>>

onEachDatabase('a passkey signs in by itself, and no longer once it is removed', async (place) => {
  await using world = await startApiWorld(place)
  const ada = await world.user('reseller-admin', (await world.reseller({ name: 'R' })).id)
  const eve = await world.user('server-admin')
  const passkey = new Authenticator(world.url)
  await world.refused('password-wrong', 'POST', `${passkeys}/begin`, {
    ...ada,
    body: { currentPassword: '' },
  })
  const account = await add(world, ada, passkey)
  assert.deepEqual(
    account.passkeys.map(({ name }) => name),
    ['Laptop'],
  )
  const { options } = await begin(world)
  const session = await signIn(world, passkey.sign(options))
  assert.deepEqual([session.status, session.body.place?.name], [200, 'R'])
  const used = await world.get<Account>('/api/v1/account', ada)
  assert.ok((used.passkeys[0]?.lastUsedAt ?? 0) > 0)
  const id = used.passkeys[0]?.id
  await world.refused('passkey-not-found', 'DELETE', `${passkeys}/${id}`, eve)
  await world.send('DELETE', `${passkeys}/${id}`, undefined, ada)
  const again = await begin(world)
  assert.equal((await signIn(world, passkey.sign(again.options))).body.code, 'passkey-refused')
})

onEachDatabase('nobody begins to sign in without end, and who does sign in has not begun', async (place) => {
  await using world = await startApiWorld(place)
  const ada = await world.user('server-admin')
  const passkey = new Authenticator(world.url)
  await add(world, ada, passkey)
  for (let n = 0; n < 25; n += 1) {
    assert.equal((await signIn(world, passkey.sign((await begin(world)).options))).status, 200)
  }
  for (let n = 0; n < 20; n += 1) await begin(world)
  const refused = await world.refused('too-many-attempts', 'POST', '/api/v1/session/passkey/begin', {
    key: null,
  })
  assert.equal(refused.retryAfterSeconds, 60)
  await world.refused('too-many-attempts', 'POST', '/api/v1/session/oidc/begin', { key: null })
  const { kept } = await place.database.queries
    .selectFrom('challenges')
    .select((eb) => eb.fn.countAll<number>().as('kept'))
    .where('purpose', '=', 'passkey-sign-in')
    .executeTakeFirstOrThrow()
  assert.equal(kept, 20)
  world.clock.advance(60_001)
  await begin(world)
})

onEachDatabase('an answer of a passkey is good once, here, and for whom it was made', async (place) => {
  await using world = await startApiWorld(place)
  const [ada, eve] = [await world.user('server-admin'), await world.user('server-admin')]
  const passkey = new Authenticator(world.url)
  await add(world, ada, passkey)
  const { options } = await begin(world)
  const answer = passkey.sign(options)
  assert.equal((await signIn(world, answer)).status, 200)
  assert.equal((await signIn(world, answer)).body.code, 'passkey-refused', 'once')
  const late = passkey.sign((await begin(world)).options)
  world.clock.advance(11 * 60_000)
  assert.equal((await signIn(world, late)).body.code, 'passkey-refused', 'within ten minutes')
  const stranger = new Authenticator(world.url)
  assert.equal(
    (await signIn(world, stranger.sign((await begin(world)).options))).body.code,
    'passkey-refused',
  )
  const made = { ...options, challenge: 'bWFkZSB1cA' }
  assert.equal(
    (await signIn(world, passkey.sign(made))).body.code,
    'passkey-refused',
    'to a challenge of ours',
  )
  for (const broken of [{}, { id: 5, response: null }, { response: { clientDataJSON: '%%%' } }]) {
    assert.equal((await signIn(world, broken)).body.code, 'passkey-refused')
  }

  const phisher = new Authenticator('https://granary.evil.example')
  const begun = await world.send<Options>('POST', `${passkeys}/begin`, { currentPassword: userPassword }, eve)
  const body = { name: 'x', response: phisher.register(begun.options) }
  await world.refused('passkey-refused', 'POST', passkeys, { ...eve, body })
  const forAda = await world.send<Options>(
    'POST',
    `${passkeys}/begin`,
    { currentPassword: userPassword },
    ada,
  )
  const stolen = { name: 'x', response: new Authenticator(world.url).register(forAda.options) }
  await world.refused('passkey-refused', 'POST', passkeys, { ...eve, body: stolen })
  await world.send('POST', `/api/v1/users/${ada.id}/deactivate`)
  const kept = passkey.sign((await begin(world)).options)
  assert.equal((await signIn(world, kept)).body.code, 'passkey-refused', 'not for the deactivated')
})

async function add(world: ApiWorld, user: Caller, passkey: Authenticator): Promise<Account> {
  const body = { currentPassword: userPassword }
  const { options } = await world.send<Options>('POST', `${passkeys}/begin`, body, user)
  return world.send('POST', passkeys, { name: 'Laptop', response: passkey.register(options) }, user)
}

function begin(world: ApiWorld): Promise<Options> {
  return world.send('POST', '/api/v1/session/passkey/begin', undefined, { key: null })
}

function signIn(world: ApiWorld, response: Record<string, unknown>) {
  const options = { key: null, body: { response } }
  return world.call<Partial<Session> & { code?: string }>('POST', '/api/v1/session/passkey', options)
}
