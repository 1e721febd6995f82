import assert from 'node:assert/strict'
import type { InvitedUser, List, Session, User } from '@granary/contract'
import { startMailServer } from '@granary/testing'
import { type ApiWorld, startApiWorld, userPassword } from '../../test-world/api-world.ts'
import { onEachDatabase } from '../../test-world/on-each-database.ts'

const password = 'correct horse battery'
const day = 24 * 60 * 60_000
const bea = { name: 'Bea', email: 'Bea@Customer.example' }

onEachDatabase(
  'an invitation is mailed, works once and for a week, and can be re-sent and withdrawn',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mailServer = await startMailServer()
    const byHand = await invite(world, { ...bea, role: 'server-read-only' })
    assert.match(byHand.link ?? '', /\/welcome\?token=/, 'without mail the link is handed over')
    await world.send('DELETE', `/api/v1/users/${byHand.id}`)
    await setPassword(world, tokenOf(byHand.link), 'link-invalid')

    await world.setUpMail(mailServer)
    const customer = await world.customer({ name: 'Clinic <b>"Łódź"' })
    const invited = await invite(world, { ...bea, role: 'customer-admin', place: customer.id })
    assert.deepEqual([invited.state, invited.link, invited.email], ['invited', null, 'bea@customer.example'])
    await world.runJobs()
    const mail = mailServer.to('bea@customer.example')
    assert.equal(mail.subject, 'Your access to the backups of Clinic <b>"Łódź"')
    assert.ok(!mail.html.includes('<b>'))
    const first = tokenOf(mail.links[0])

    const cem = { name: 'Cem', email: 'cem@clinic.example', role: 'customer-operator', place: customer.id }
    await invite(world, { ...cem, language: 'de' })
    await world.runJobs()
    assert.match(mailServer.to(cem.email).subject, /^Ihr Zugang/)

    const resent = await world.send<InvitedUser>('POST', `/api/v1/users/${invited.id}/resend-invitation`)
    assert.ok((resent.invitationEndsAt ?? 0) > world.clock.now() + 6 * day)
    await setPassword(world, first, 'link-invalid')
    await world.runJobs()
    const second = tokenOf(mailServer.to('bea@customer.example').links[0])
    const greeted = await world.send('POST', '/api/v1/one-time-link', { token: second }, { key: null })
    assert.deepEqual(greeted, { purpose: 'invitation', name: 'Bea', email: 'bea@customer.example' })
    await world.refused('sign-in-failed', 'POST', '/api/v1/session', {
      key: null,
      body: { email: bea.email, password },
    })
    const both = await Promise.all([setPassword(world, second), setPassword(world, second)])
    assert.deepEqual(both.toSorted(), [204, 403], 'once, for many at the same instant too')
    const session = await signIn(world, bea.email)
    assert.deepEqual([session.role, session.place.name], ['admin', 'Clinic <b>"Łódź"'])
    await world.refused('state-conflict', 'POST', `/api/v1/users/${invited.id}/resend-invitation`)

    const late = await invite(world, {
      name: 'Late',
      email: 'late@customer.example',
      role: 'server-operator',
    })
    await world.runJobs()
    world.clock.advance(7 * day + 1)
    await setPassword(world, tokenOf(mailServer.to(late.email).links[0]), 'link-invalid')
  },
)

onEachDatabase(
  'a forgotten password is replaced by mail; nobody learns who has an account',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mailServer = await startMailServer()
    await world.setUpMail(mailServer)
    const user = await world.user('server-admin')
    const ask = (email: string, headers = {}) =>
      world.call('POST', '/api/v1/password-reset', { key: null, body: { email }, headers })
    const known = await ask(user.email.toUpperCase(), { host: 'evil.example' })
    const unknown = await ask('nobody@granary.example')
    assert.deepEqual([known.status, known.body], [204, ''])
    assert.deepEqual([unknown.status, unknown.body], [204, ''])
    await world.runJobs()
    assert.equal(mailServer.mails.length, 1)
    const link = mailServer.to(user.email).links[0] ?? ''
    assert.equal(new URL(link).origin, world.url, 'not where the request said it went')
    await setPassword(world, tokenOf(link))
    await world.refused('not-signed-in', 'GET', '/api/v1/session', user)
    await signIn(world, user.email)
    await setPassword(world, tokenOf(link), 'link-invalid')

    const codes = []
    for (let i = 0; i < 5; i += 1) codes.push((await ask(user.email)).status)
    assert.deepEqual(codes, [204, 204, 429, 429, 429], 'nobody’s mailbox is flooded')
  },
)

onEachDatabase(
  'whoever asks for another’s new password takes no link away from them; a new password does',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mailServer = await startMailServer()
    await world.setUpMail(mailServer)
    const user = await world.user('server-admin')
    const ask = async () => {
      const { status } = await world.call('POST', '/api/v1/password-reset', {
        key: null,
        body: { email: user.email },
      })
      assert.equal(status, 204)
      await world.runJobs()
      return tokenOf(mailServer.mails.at(-1)?.links[0])
    }
    const [own, byAnother] = [await ask(), await ask()]
    assert.equal(await setPassword(world, own), 204)
    await setPassword(world, byAnother, 'link-invalid')

    const unused = await ask()
    const { headers } = await world.call('POST', '/api/v1/session', {
      key: null,
      body: { email: user.email, password },
    })
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    const signedIn = { key: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } }
    const changed = { currentPassword: password, password: 'again four other words' }
    await world.send('POST', '/api/v1/account/password', changed, signedIn)
    await setPassword(world, unused, 'link-invalid')
  },
)

onEachDatabase(
  'whose customer or reseller was deleted can be invited elsewhere, and does not come back with it then',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'Northwind' })
    const [gone, next] = [
      await world.customer({ name: 'Gone', reseller: reseller.id }),
      await world.customer({ name: 'Next' }),
    ]
    const old = await invite(world, { ...bea, role: 'customer-admin', place: gone.id })
    assert.equal(await setPassword(world, tokenOf(old.link)), 204)
    const rob = await invite(world, {
      ...{ name: 'Rob', email: 'rob@northwind.example', role: 'reseller-admin', place: reseller.id },
    })
    const again = { body: { ...bea, role: 'customer-operator', place: next.id } }
    await world.refused('email-taken', 'POST', '/api/v1/users', again)
    await world.send('DELETE', `/api/v1/resellers/${reseller.id}?contents=delete`)
    const invited = await world.send<InvitedUser>('POST', '/api/v1/users', again.body)
    await world.refused('email-taken', 'POST', '/api/v1/users', again)
    const [{ id: line } = { id: '' }] = (await world.get<List<{ id: string }>>('/api/v1/deletions')).items
    await world.send('POST', `/api/v1/deletions/${line}/undelete`, {})
    const { items } = await world.get<List<User>>('/api/v1/users?sort=name')
    assert.deepEqual(
      items.map(({ id }) => id),
      [invited.id, rob.id],
    )
    assert.equal(await setPassword(world, tokenOf(invited.link)), 204)
    const session = await signIn(world, bea.email)
    assert.equal(session.place.name, 'Next')
  },
)

onEachDatabase(
  'a deactivated or deleted user is out at once; the last administrator stays',
  async (place) => {
    await using world = await startApiWorld(place)
    const ada = await world.user('server-admin')
    const eve = await world.user('server-admin')
    const path = (user: { id: string }) => `/api/v1/users/${user.id}`
    await world.refused('own-account', 'POST', `${path(ada)}/deactivate`, ada)
    await world.refused('own-account', 'DELETE', path(ada), ada)
    await world.refused('own-account', 'PATCH', path(ada), { ...ada, body: { role: 'server-operator' } })
    await world.refused('invalid-request', 'PATCH', path(ada), { body: { role: 'customer-admin' } })
    await world.send('POST', `${path(eve)}/deactivate`, undefined, ada)
    await world.refused('not-signed-in', 'GET', '/api/v1/session', eve)
    await world.refused('sign-in-failed', 'POST', '/api/v1/session', {
      key: null,
      body: { email: eve.email, password: userPassword },
    })
    for (const [method, address, body] of [
      ['POST', `${path(ada)}/deactivate`, undefined],
      ['DELETE', path(ada), undefined],
      ['PATCH', path(ada), { role: 'server-read-only' }],
    ] as const) {
      await world.refused('last-administrator', method, address, { body })
    }
    await world.send('POST', `${path(eve)}/activate`)
    const answers = await Promise.all([
      world.call<{ code?: string }>('DELETE', path(ada)),
      world.call<{ code?: string }>('POST', `${path(eve)}/deactivate`),
    ])
    const refused = answers.filter(({ body }) => body.code === 'last-administrator')
    assert.equal(refused.length, 1, 'of two at the same instant one is refused')
  },
)

onEachDatabase('users are searched, filtered and paged; an address is used once', async (place) => {
  await using world = await startApiWorld(place)
  const reseller = await world.reseller({ name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  for (let i = 0; i < 7; i += 1) {
    await invite(world, {
      name: `User ${i}`,
      email: `u${i}@x.example`,
      role: 'customer-operator',
      place: customer.id,
    })
  }
  await invite(world, { name: 'Rob', email: 'rob@x.example', role: 'reseller-admin', place: reseller.id })
  const list = (query: string) => world.get<List<User>>(`/api/v1/users?${query}`)
  const page = await list('level=customer&limit=5&sort=-name')
  assert.deepEqual([page.total, page.items[0]?.name], [7, 'User 6'])
  const rest = await list(`level=customer&limit=5&sort=-name&cursor=${page.nextCursor}`)
  assert.deepEqual(
    rest.items.map(({ name }) => name),
    ['User 1', 'User 0'],
  )
  assert.equal((await list('search=ROB@')).items[0]?.place.name, 'Northwind')
  assert.equal((await list(`place=${reseller.id}`)).total, 1)
  assert.equal((await list('state=active')).total, 0)
  const same = { ...bea, role: 'server-admin' }
  const answers = await Promise.all([1, 2, 3].map(() => world.call('POST', '/api/v1/users', { body: same })))
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
  const below = await world.user('reseller-operator', reseller.id)
  await world.refused('not-permitted', 'GET', '/api/v1/users', below)
  const rob = await world.user('reseller-admin', reseller.id)
  await world.refused('not-permitted', 'POST', '/api/v1/users', {
    ...rob,
    body: { ...same, email: 'z@x.example' },
  })
})

function invite(world: ApiWorld, body: Record<string, unknown>): Promise<InvitedUser> {
  return world.send('POST', '/api/v1/users', body)
}

/** @returns the status */
async function setPassword(world: ApiWorld, token: string, refusal?: 'link-invalid'): Promise<number> {
  const options = { key: null, body: { token, password } }
  if (refusal) return (await world.refused(refusal, 'POST', '/api/v1/one-time-link/password', options)).status
  return (await world.call('POST', '/api/v1/one-time-link/password', options)).status
}

function signIn(world: ApiWorld, email: string): Promise<Session> {
  return world.send('POST', '/api/v1/session', { email, password }, { key: null })
}

function tokenOf(link: string | null | undefined): string {
  return new URL(link ?? '').searchParams.get('token') ?? ''
}
