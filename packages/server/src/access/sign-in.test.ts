import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '@granary/contract'
import { type ApiWorld, startApiWorld, userPassword } from '../test-world/api-world.ts'
import { onEachDatabase, openTestPlace } from '../test-world/on-each-database.ts'
import { untilBlocked } from '../test-world/until-blocked.ts'
import { firstSetupLink, newSetupLink } from './access.ts'

const email = 'ada@example.com'
const password = 'correct horse battery'
const sameOrigin = { 'sec-fetch-site': 'same-origin' }

onEachDatabase(
  'the one-time link sets the first administrator’s password, once and for a day',
  async (place) => {
    await using world = await startApiWorld(place)
    const first = await firstSetupLink(world)
    assert.ok(first)
    const late = await setupToken(world)
    await refuseSetup(world, first.split('=')[1] ?? '', 'a newer link ends it')
    world.clock.advance(24 * 60 * 60_000 + 1)
    await refuseSetup(world, late, 'it is good for a day')

    const token = await setupToken(world)
    const body = { token, name: 'Ada', email: 'Ada@Example.com', password }
    const weak = await world.refused('invalid-request', 'POST', '/api/v1/setup', {
      key: null,
      body: { ...body, password: 'short' },
    })
    assert.deepEqual(weak.errors, [
      {
        path: 'password',
        message: 'At least 12 characters.',
        code: 'too-short',
        parameters: { minimum: 12 },
      },
    ])
    const answer = await world.call<Session>('POST', '/api/v1/setup', { key: null, body })
    assert.equal(answer.status, 200)
    assert.equal(answer.body.user.email, email)
    const cookie = answer.headers.get('set-cookie') ?? ''
    assert.match(cookie, /; HttpOnly; SameSite=Lax; Max-Age=2592000$/)
    await refuseSetup(world, token, 'it was used')
    assert.equal(await firstSetupLink(world), null)
  },
)

onEachDatabase('who signs in stays signed in by cookie until they sign out', async (place) => {
  await using world = await startApiWorld(place)
  await administrator(world)
  const cookie = await signIn(world)
  const session = await world.get<Session>('/api/v1/session', { key: null, headers: { cookie } })
  assert.deepEqual(session.place, { id: null, name: 'Server' })
  await world.send(
    'POST',
    '/api/v1/customers',
    { name: 'By cookie' },
    { key: null, headers: { cookie, ...sameOrigin } },
  )
  const out = await world.call('DELETE', '/api/v1/session', { key: null, headers: { cookie, ...sameOrigin } })
  assert.equal(out.status, 204)
  assert.match(out.headers.get('set-cookie') ?? '', /Max-Age=0/)
  await world.refused('not-signed-in', 'GET', '/api/v1/session', { key: null, headers: { cookie } })
})

onEachDatabase('over HTTPS nobody but the server itself can have set the session', async (place) => {
  const publicUrl = 'https://backup.example.com'
  await using world = await startApiWorld(place, { publicUrl })
  await administrator(world)
  const cookie = await signIn(world)
  assert.match(cookie, /^__Host-granary_session=/)
  const as = (sent: string) => ({ key: null, headers: { cookie: sent, ...sameOrigin } })
  await world.get('/api/v1/session', as(cookie))
  await world.refused('not-signed-in', 'GET', '/api/v1/session', as(cookie.replace('__Host-', '')))
  await world.refused(
    ...(['not-signed-in', 'GET', '/api/v1/session', as(cookie.replace(/__Host-|bound\./g, ''))] as const),
  )

  const before = await world.user('server-admin')
  assert.equal((await world.get<Session>('/api/v1/session', before)).user.id, before.id, 'as it was begun')
  const both = as(`${before.headers.cookie}; ${cookie}`)
  assert.equal((await world.get<Session>('/api/v1/session', both)).user.email, email)
  const out = await world.call('DELETE', '/api/v1/session', both)
  assert.deepEqual(
    out.headers.getSetCookie().map((ended) => ended.replace(/; Path.*; Max/, '; Max')),
    ['__Host-granary_session=; Max-Age=0; Secure', 'granary_session=; Max-Age=0'],
  )
})

onEachDatabase('a session ends after a week without use and after a month in any case', async (place) => {
  await using world = await startApiWorld(place)
  await administrator(world)
  const day = 24 * 60 * 60_000
  const idle = await signIn(world)
  world.clock.advance(7 * day + 1)
  await world.refused('not-signed-in', 'GET', '/api/v1/session', { key: null, headers: { cookie: idle } })
  const used = await signIn(world)
  for (let week = 0; week < 4; week += 1) {
    world.clock.advance(6 * day)
    await world.get('/api/v1/session', { key: null, headers: { cookie: used } })
  }
  world.clock.advance(6 * day + 1)
  await world.refused('not-signed-in', 'GET', '/api/v1/session', { key: null, headers: { cookie: used } })
})

onEachDatabase('other sites can not use the cookie', async (place) => {
  await using world = await startApiWorld(place)
  await administrator(world)
  const cookie = await signIn(world)
  const foreign = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ]
  for (const headers of foreign) {
    const body = { name: 'Forged' }
    await world.refused('foreign-origin', 'POST', '/api/v1/customers', {
      key: null,
      body,
      headers: { cookie, ...headers },
    })
    await world.refused('foreign-origin', 'POST', '/api/v1/session', {
      key: null,
      body: { email, password },
      headers,
    })
  }
  const own = { cookie, origin: world.url }
  await world.send('POST', '/api/v1/customers', { name: 'Own' }, { key: null, headers: own })
  // A key is not sent by a browser on its own, wherever the page comes from.
  await world.send(
    'POST',
    '/api/v1/customers',
    { name: 'Key' },
    { headers: { origin: 'https://tools.example' } },
  )
})

onEachDatabase(
  'guessing is slowed down, for many at the same instant too, and ends nobody’s access',
  async (place) => {
    await using world = await startApiWorld(place)
    await administrator(world)
    const guess = (word: string) =>
      world.call<{ code: string }>('POST', '/api/v1/session', { key: null, body: { email, password: word } })
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => guess(`guess ${i}`)))
    const codes = answers.map(({ body }) => body.code)
    assert.equal(codes.filter((code) => code === 'sign-in-failed').length, 5)
    assert.equal(codes.filter((code) => code === 'too-many-attempts').length, 7)
    assert.equal((await guess(password)).body.code, 'too-many-attempts', 'the right one has to wait as well')
    const unknown = await world.call<{ code: string }>('POST', '/api/v1/session', {
      key: null,
      body: { email: 'nobody@example.com', password },
    })
    assert.equal(unknown.body.code, 'sign-in-failed', 'an unknown account says nothing else')
    world.clock.advance(60_001)
    await signIn(world)
    await signIn(world)
  },
)

async function setupToken(world: ApiWorld): Promise<string> {
  return (await newSetupLink(world)).split('=')[1] ?? ''
}

async function refuseSetup(world: ApiWorld, token: string, why: string): Promise<void> {
  const body = { token, name: 'Eve', email: 'eve@example.com', password }
  const problem = await world.refused('setup-link-invalid', 'POST', '/api/v1/setup', { key: null, body })
  assert.equal(problem.status, 403, why)
}

async function administrator(world: ApiWorld): Promise<void> {
  const body = { token: await setupToken(world), name: 'Ada', email, password }
  await world.send('POST', '/api/v1/setup', body, { key: null })
}

async function signIn(world: ApiWorld): Promise<string> {
  const answer = await world.call('POST', '/api/v1/session', {
    key: null,
    body: { email: ' ADA@example.com', password },
  })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

test('an old password opens no session while it is changed (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await startApiWorld(place)
  const ada = await world.user('server-admin')
  const { database } = place
  const signingIn = await database.transaction(async (transaction) => {
    // As changing it does: the password, and then all sessions.
    await transaction
      .updateTable('users')
      .set({ password_hash: 'scrypt$16384$8$1$AAAA$AAAA' })
      .where('id', '=', ada.id)
      .execute()
    await transaction.deleteFrom('sessions').where('user_id', '=', ada.id).execute()
    const body = { email: ada.email, password: userPassword }
    const begun = [world.refused('sign-in-failed', 'POST', '/api/v1/session', { key: null, body })]
    await untilBlocked(database)
    return begun
  })
  await Promise.all(signingIn)
  const { open } = await database.queries
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .executeTakeFirstOrThrow()
  assert.equal(open, 0)
})
