import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Account, Session } from '@granary/contract'
import { startApiWorld, userPassword } from '../../test-world/api-world.ts'
import { onEachDatabase } from '../../test-world/on-each-database.ts'
import { codeAt } from '../second-factor/totp.ts'

const account = '/api/v1/account'

onEachDatabase(
  'a code is asked for besides the password, once each, and recovery codes help out',
  async (place) => {
    await using world = await startApiWorld(place)
    const ada = await world.user('server-admin')
    const signIn = (body: Record<string, unknown> = {}) =>
      world.call<Session & { code?: string }>('POST', '/api/v1/session', {
        key: null,
        body: { email: ada.email, password: userPassword, ...body },
      })
    await world.refused('password-wrong', 'POST', `${account}/totp/begin`, {
      ...ada,
      body: { currentPassword: 'a guess' },
    })
    await world.refused('state-conflict', 'POST', `${account}/totp`, { ...ada, body: { code: '123456' } })
    const setup = await world.send<{ secret: string; uri: string }>(
      'POST',
      `${account}/totp/begin`,
      { currentPassword: userPassword },
      ada,
    )
    assert.ok(setup.uri.includes(setup.secret))
    assert.equal((await signIn()).status, 200, 'nothing changes until it is confirmed')
    await world.refused('second-factor-wrong', 'POST', `${account}/totp`, { ...ada, body: { code: '12345' } })
    const code = () => codeAt(setup.secret, world.clock.now())
    const confirming = code()
    const { recoveryCodes } = await world.send<{ recoveryCodes: string[] }>(
      'POST',
      `${account}/totp`,
      { code: confirming },
      ada,
    )
    assert.equal(new Set(recoveryCodes).size, 10)
    const stored = JSON.stringify(await place.database.queries.selectFrom('users').selectAll().execute())
    assert.ok(!stored.includes(setup.secret), 'the secret is not readable in the database')

    assert.equal((await signIn()).body.code, 'second-factor-needed')
    assert.equal((await signIn({ password: 'wrong words here' })).body.code, 'sign-in-failed')
    assert.equal(
      (await signIn({ code: confirming })).body.code,
      'second-factor-wrong',
      'it was used to confirm',
    )
    world.clock.advance(61_000)
    const fresh = code()
    const both = await Promise.all([signIn({ code: fresh }), signIn({ code: fresh })])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 401], 'a code signs in once')
    const recovery = recoveryCodes[3] ?? ''
    assert.equal((await signIn({ code: ` ${recovery.toUpperCase()}` })).status, 200)
    assert.equal((await signIn({ code: recovery })).body.code, 'second-factor-wrong')
    const mine = await world.get<Account>(account, ada)
    assert.deepEqual([mine.totp, mine.recoveryCodesLeft], [true, 9])

    await world.refused('own-account', 'POST', `/api/v1/users/${ada.id}/reset-second-factor`, ada)
    await world.send('POST', `/api/v1/users/${ada.id}/reset-second-factor`)
    await world.refused('not-signed-in', 'GET', account, ada)
    world.clock.advance(61_000)
    assert.equal((await signIn()).status, 200)
  },
)

onEachDatabase('codes can not be guessed: they count as attempts at the account', async (place) => {
  await using world = await startApiWorld(place)
  const ada = await world.user('server-admin')
  const begun = { currentPassword: userPassword }
  const setup = await world.send<{ secret: string }>('POST', `${account}/totp/begin`, begun, ada)
  await world.send('POST', `${account}/totp`, { code: codeAt(setup.secret, world.clock.now()) }, ada)
  const codes: string[] = []
  for (let i = 0; i < 8; i += 1) {
    const answer = await world.call<{ code: string }>('POST', '/api/v1/session', {
      key: null,
      body: { email: ada.email, password: userPassword, ...(i % 2 === 1 && { code: `00000${i}` }) },
    })
    codes.push(answer.body.code)
  }
  assert.equal(codes.filter((code) => code === 'too-many-attempts').length, 3)
})

onEachDatabase('one sees and ends one’s own sessions, and nobody else’s', async (place) => {
  await using world = await startApiWorld(place)
  const [ada, eve] = [await world.user('server-admin'), await world.user('server-admin')]
  const signIn = async () => {
    const answer = await world.call('POST', '/api/v1/session', {
      key: null,
      body: { email: ada.email, password: userPassword },
      headers: { 'user-agent': `Browser\u0000<script>`.replace('\u0000', ' ') },
    })
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    return { key: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } } as const
  }
  const [second, third, fourth] = [await signIn(), await signIn(), await signIn()]
  const { sessions } = await world.get<Account>(account, ada)
  assert.equal(sessions.length, 4)
  assert.equal(sessions.filter(({ isCurrent }) => isCurrent).length, 1)
  assert.equal(sessions.filter(({ browser }) => browser === 'Browser <script>').length, 3)
  const ofEve = (await world.get<Account>(account, eve)).sessions[0]?.id
  await world.refused('session-not-found', 'DELETE', `${account}/sessions/${ofEve}`, ada)
  const ofSecond = (await world.get<Account>(account, second)).sessions.find((each) => each.isCurrent)
  await world.send('DELETE', `${account}/sessions/${ofSecond?.id}`, undefined, ada)
  await world.refused('not-signed-in', 'GET', account, second)
  await world.get(account, third)
  const body = { currentPassword: userPassword, password: 'completely other words' }
  await world.refused('password-wrong', 'POST', `${account}/password`, {
    ...third,
    body: { ...body, currentPassword: '' },
  })
  await world.send('POST', `${account}/password`, body, third)
  await world.refused('not-signed-in', 'GET', account, ada)
  await world.get(account, third)
  await world.refused('not-signed-in', 'GET', account, fourth)
  await world.get(account, eve)
  const renamed = await world.send<Account>('PATCH', account, { name: 'Ada  Byron ' }, third)
  assert.equal(renamed.name, 'Ada Byron')
  await world.send('DELETE', `${account}/sessions`, undefined, third)
  await world.get(account, third)
})

onEachDatabase(
  'whoever guesses from outside keeps nobody from their own account, nor from where they know them',
  async (place) => {
    await using world = await startApiWorld(place)
    const ada = await world.user('server-admin')
    const guess = async () => {
      const body = JSON.stringify({ email: ada.email, password: 'not the right words' })
      const answer = await fetchFrom('127.0.0.2', `${world.url}/api/v1/session`, body)
      return JSON.parse(answer).code as string
    }
    const answers: string[] = []
    while (!answers.includes('too-many-attempts')) answers.push(await guess())
    assert.equal(answers.length, 6)
    const changed = 'other words that are four'
    await world.send(
      'POST',
      '/api/v1/account/password',
      { currentPassword: userPassword, password: changed },
      ada,
    )
    const body = { email: ada.email, password: changed }
    const known = await world.call('POST', '/api/v1/session', { key: null, body })
    assert.equal(known.status, 200)
    assert.equal(await guess(), 'too-many-attempts', 'and gives nobody else another attempt')
  },
)

/** Posts JSON from another address of this machine. */
function fetchFrom(localAddress: string, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const sent = request(url, { method: 'POST', localAddress, headers }, (response) => {
      text(response).then(resolve, reject)
    })
    sent.on('error', reject).end(body)
  })
}
