import assert from 'node:assert/strict'
import type { Account, MailTopic } from '@granary/contract'
import { type ReceivedMail, startMailServer } from '@granary/testing'
import { verifyAuditLog } from '../audit/audit.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

const minute = 60_000

onEachDatabase(
  'each user chooses what reaches them by mail; what they do without is in the console',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mail = await startMailServer()
    const { bea, bob, reader, ada, customer } = await people(world, mail)
    const mailsOf = async (as: typeof bea) => (await world.get<Account>('/api/v1/account', as)).mails
    assert.deepEqual(await mailsOf(bea), {
      offered: [
        'space-low',
        'mcals-short',
        'trial-ending',
        'backup-overdue',
        'warning-sign',
        'damage-found',
        'summary',
      ],
      off: [],
    })
    assert.deepEqual((await mailsOf(ada)).offered, [
      'space-low',
      'mcals-short',
      'disk-low',
      'certificate-ending',
      'server-backup-failed',
      'warning-sign',
      'damage-found',
    ])
    assert.deepEqual(await mailsOf(reader), { offered: [], off: [] })
    const choose = (off: string[]) => world.send<Account>('PATCH', '/api/v1/account/mails', { off }, bea)
    await world.refused('invalid-request', 'PATCH', '/api/v1/account/mails', { ...bea, body: { off: ['x'] } })
    await world.refused('invalid-request', 'PATCH', '/api/v1/account/mails', {
      ...bea,
      body: { off: Array(50).fill('summary') },
    })
    assert.deepEqual((await choose(['space-low', 'summary', 'summary'])).mails.off, ['space-low', 'summary'])
    await use(world, customer.id, 950)
    await tick(world)
    assert.deepEqual(addressees(mail), [bob.email])
    assert.equal((await world.get<{ total: number }>('/api/v1/alerts', bea)).total, 1)
    await choose(['summary'])
    await use(world, customer.id, 0)
    await tick(world)
    assert.deepEqual(
      addressees(mail),
      [bob.email, bob.email, bea.email].toSorted(),
      'told again what is over',
    )
  },
)

onEachDatabase(
  'a mail is unsubscribed from with one click, by POST only, and by nobody who did not get it',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mail = await startMailServer()
    const { bea, bob, customer } = await people(world, mail)
    await use(world, customer.id, 950)
    await tick(world)
    const { headers, html, links } = mail.to(bea.email)
    assert.equal(headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click')
    const url = unsubscribeUrlOf(mail.to(bea.email))
    assert.ok(links.includes(url) && html.includes('Mail me no more of these'))
    assert.notEqual(url, unsubscribeUrlOf(mail.to(bob.email)))
    const { token, address } = parts(url)
    const offOf = async (as: typeof bea) => (await world.get<Account>('/api/v1/account', as)).mails.off

    await fetch(url)
    const read = () => world.send('POST', '/api/v1/unsubscribe/read', { token }, { key: null })
    assert.deepEqual(await read(), { email: bea.email, topics: ['space-low'], off: [] })
    assert.deepEqual(await offOf(bea), [], 'neither a GET nor a look changes anything')

    const click = (at: string, body: string | URLSearchParams | FormData | null, type?: string) =>
      fetch(at, { method: 'POST', body, ...(type && { headers: { 'content-type': type } }) })
    const form = (value: string) => new URLSearchParams({ 'List-Unsubscribe': value })
    for (const [at, body, status] of [
      [url, form('Something'), 400],
      [url, null, 400],
      [address, form('One-Click'), 403],
      [`${address}?token=a&token=b`, form('One-Click'), 403],
      [`${address}?token=${'x'.repeat(2000)}`, form('One-Click'), 403],
      [
        `${address}?token=${encodeURIComponent(token.replace('space-low', 'mcals-short'))}`,
        form('One-Click'),
        403,
      ],
      [`${address}?token=${encodeURIComponent(token.replace(bea.id, bob.id))}`, form('One-Click'), 403],
      [`${address}?token=${encodeURIComponent(`${token}.more`)}`, form('One-Click'), 403],
    ] as const) {
      assert.equal((await click(at, body)).status, status, at)
    }
    assert.equal((await click(url, '{}', 'application/json')).status, 415)
    assert.equal((await click(url, 'no parts', 'multipart/form-data; boundary=x')).status, 400)
    assert.equal(
      (await click(url, 'x'.repeat(1024 * 1024 + 1), 'application/x-www-form-urlencoded')).status,
      413,
    )
    assert.deepEqual(await offOf(bea), [])

    const multipart = new FormData()
    multipart.set('List-Unsubscribe', 'One-Click')
    const answers = await Promise.all([click(url, form('One-Click')), click(url, multipart)])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
    assert.deepEqual(await offOf(bea), ['space-low'])
    assert.deepEqual(await offOf(bob), [])
    await use(world, customer.id, 0)
    await tick(world)
    assert.equal(mail.mails.filter(({ to }) => to === bea.email).length, 1)
    const { items } = await world.get<{ items: { actor: { name: string } }[] }>(
      '/api/v1/audit-log?event=account.unsubscribed',
    )
    assert.deepEqual(
      items.map(({ actor }) => actor.name),
      [bea.name, bea.name],
    )
    assert.ok((await verifyAuditLog(world.database)).intact)

    const done = await world.send(
      'POST',
      '/api/v1/unsubscribe',
      { token: parts(unsubscribeUrlOf(mail.to(bob.email))).token },
      { key: null },
    )
    assert.deepEqual(done, {
      email: bob.email,
      topics: ['space-low'],
      off: ['space-low'] satisfies MailTopic[],
    })
    await world.refused('unsubscribe-link-invalid', 'POST', '/api/v1/unsubscribe', {
      key: null,
      body: { token: 'x' },
    })
    await world.send('DELETE', `/api/v1/users/${bea.id}`)
    assert.equal((await click(url, form('One-Click'))).status, 403, 'who is gone')
  },
)

onEachDatabase(
  'what began while mail was not set up is told once it is; what was over by then never',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mail = await startMailServer()
    const { bea, customer, other, carl } = await people(world, undefined)
    await use(world, customer.id, 950)
    await use(world, other.id, 950)
    await tick(world)
    await use(world, other.id, 0)
    await tick(world)
    await world.setUpMail(mail)
    await world.runJobs()
    assert.deepEqual(
      addressees(mail).filter((to) => to === bea.email),
      [bea.email],
      'at once',
    )
    assert.match(mail.to(bea.email).subject, /^Space is low: Bakery$/)
    await tick(world)
    await tick(world)
    assert.equal(mail.mails.filter(({ to }) => to === bea.email).length, 1)
    assert.deepEqual(
      mail.mails.filter(({ to }) => to === carl.email),
      [],
    )
    await use(world, customer.id, 0)
    await tick(world)
    assert.match(mail.to(bea.email).subject, /^Resolved: /)
  },
)

/** A customer with two operators and a reader, another with one, and an administrator of the server. */
async function people(world: ApiWorld, mail: Parameters<ApiWorld['setUpMail']>[0] | undefined) {
  if (mail) await world.setUpMail(mail)
  // The disk of this machine may be low while this runs.
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['space-low'] })
  const space = { allottedBytes: 1000 }
  const customer = await world.customer({ name: 'Bakery', space })
  const other = await world.customer({ name: 'Clinic', space })
  return {
    ...{ customer, other },
    bea: await world.user('customer-operator', customer.id),
    bob: await world.user('customer-admin', customer.id),
    reader: await world.user('customer-read-only', customer.id),
    carl: await world.user('customer-admin', other.id),
    ada: await world.user('server-admin'),
  }
}

async function tick(world: ApiWorld): Promise<void> {
  world.clock.advance(5 * minute)
  await world.runJobs()
}

async function use(world: ApiWorld, ownerId: string, bytes: number): Promise<void> {
  await world.database.queries
    .updateTable('space')
    .set({ used_bytes: bytes })
    .where('owner_id', '=', ownerId)
    .execute()
}

function addressees(mail: { readonly mails: readonly ReceivedMail[] }): string[] {
  return mail.mails.map(({ to }) => to).toSorted()
}

function unsubscribeUrlOf({ headers }: ReceivedMail): string {
  const url = /^<(http\S+)>$/.exec(headers['list-unsubscribe'] ?? '')?.[1] ?? ''
  assert.notEqual(url, '', String(headers['list-unsubscribe']))
  return url
}

function parts(url: string): { address: string; token: string } {
  const { origin, pathname, searchParams } = new URL(url)
  return { address: `${origin}${pathname}`, token: searchParams.get('token') ?? '' }
}
