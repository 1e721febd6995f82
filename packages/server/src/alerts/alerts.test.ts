import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Alert, List, Webhook, WebhookDeliveries, WebhookEvent } from '@granary/contract'
import { startMailServer } from '@granary/testing'
import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { calendarMonth, monthBefore } from '../platform/calendar-month.ts'
import { writeServerBackup } from '../server-backup/server-backup.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { summaryJob } from './mail-summaries.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

onEachDatabase(
  'low space is told once when it begins and once when it is over, to whom it concerns',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mail = await startMailServer()
    await world.setUpMail(mail)
    const reseller = await world.reseller({ name: 'Northwind' })
    const customer = await world.customer({
      name: 'Bakery',
      reseller: reseller.id,
      space: { allottedBytes: 1000 },
    })
    const other = await world.customer({ name: 'Clinic', space: { allottedBytes: 1000 } })
    const bea = await world.user('customer-operator', customer.id)
    const reader = await world.user('customer-read-only', customer.id)
    const carl = await world.user('customer-admin', other.id)
    const rob = await world.user('reseller-admin', reseller.id)
    const ada = await world.user('server-admin')
    await world.send('PATCH', '/api/v1/settings/alerts', {
      copyTo: ['noc@provider.example'],
      // The disk of this machine may be low while this runs.
      kinds: ['space-low'],
    })
    await use(world, customer.id, 899)
    await tick(world)
    assert.deepEqual(
      mail.mails.map(({ to }) => to),
      [],
    )
    await use(world, customer.id, 900)
    await tick(world)
    const told = ['noc@provider.example', bea.email, rob.email]
    assert.deepEqual(mail.mails.map(({ to }) => to).toSorted(), told.toSorted())
    assert.match(mail.to(bea.email).subject, /^Space is low: Bakery$/)
    assert.match(mail.to(bea.email).text, /Bakery uses 900 B of 1\.00 kB/)
    for (let i = 0; i < 3; i += 1) await tick(world)
    assert.equal(mail.mails.length, 3, 'once')
    const seen = async (as: Parameters<typeof world.get>[1], query = '') =>
      (await world.get<List<Alert>>(`/api/v1/alerts?${query}`, as)).items.map(({ subject }) => subject.name)
    assert.deepEqual(await seen(reader, 'state=open'), ['Bakery'])
    assert.deepEqual(await seen(carl), [])
    assert.deepEqual(await seen(rob), ['Bakery'])
    assert.deepEqual(await seen(ada, 'kind=space-low&search=bakery'), ['Bakery'])

    await use(world, customer.id, 10)
    await tick(world)
    await tick(world)
    assert.equal(mail.mails.length, 6)
    assert.match(mail.to(rob.email).subject, /^Resolved: Space is low: Bakery$/)
    assert.deepEqual(await seen(ada, 'state=open'), [])
    assert.deepEqual(await seen(ada, 'state=resolved'), ['Bakery'])
    await use(world, customer.id, 950)
    await tick(world)
    assert.equal(mail.mails.length, 9, 'and again when it begins again')
  },
)

onEachDatabase('overdue backups, ending trials and short MCALs are noticed', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const daily = await world.client(customer, { clientId: 'daily' })
  const fresh = await world.client(customer, { clientId: 'fresh' })
  const trial = await world.client(customer, { clientId: 'trial' })
  const { queries } = world.database
  const now = world.clock.now()
  await queries
    .updateTable('clients')
    .set({ trial_ends_at: now + 3 * day })
    .where('id', '=', trial.id)
    .execute()
  await backedUp(
    world,
    daily.id,
    [9, 8, 7, 6, 5, 4, 3].map((days) => now - days * day),
  )
  await backedUp(
    world,
    fresh.id,
    [3, 2, 1].map((days) => now - days * day),
  )
  await queries
    .updateTable('licence_use')
    .set({ allotted: 10, used_till_date: 10 })
    .where('owner_id', '=', customer.id)
    .execute()
  const open = async () =>
    (await world.get<List<Alert>>('/api/v1/alerts?state=open')).items
      // Of the versions of this test there is nothing but rows.
      .filter(({ kind }) => kind !== 'disk-low' && kind !== 'damage-found')
      .map(({ kind, subject }) => `${kind} ${subject.name}`)
      .toSorted()
  await tick(world)
  assert.deepEqual(await open(), ['backup-overdue daily', 'trial-ending trial'])
  const month = monthBefore(calendarMonth(world.clock.now()), 1)
  await queries.insertInto('licence_months').values({ owner_id: customer.id, month, used: 10 }).execute()
  await tick(world)
  assert.ok((await open()).includes('mcals-short Bakery'))
  await queries.updateTable('licence_use').set({ allotted: 30 }).where('owner_id', '=', customer.id).execute()
  await backedUp(world, daily.id, [now])
  await world.send('POST', `/api/v1/clients/${trial.id}/deactivate`)
  await tick(world)
  assert.deepEqual(await open(), [])
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: [] })
  world.clock.advance(30 * day)
  await tick(world)
  assert.deepEqual(await open(), [], 'what is switched off is not told')
})

onEachDatabase('a summary is mailed once a day, or on Mondays, to each place’s own people', async (place) => {
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  const reseller = await world.reseller({ name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const client = await world.client(customer, { clientId: 'till-1' })
  await world.client(customer, { clientId: 'till-2' })
  const bea = await world.user('customer-operator', customer.id)
  const rob = await world.user('reseller-admin', reseller.id)
  await world.user('server-admin')
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: [], summary: 'daily' })
  await world.runJobs()
  mail.mails.splice(0)
  const noon = new Date(world.clock.now())
  noon.setDate(noon.getDate() + 1)
  noon.setHours(5, 30, 0, 0)
  world.clock.advance(noon.getTime() - world.clock.now())
  await backedUp(world, client.id, [world.clock.now() - hour])
  await world.runJobs()
  assert.equal(mail.mails.length, 0, 'before six nobody reads')
  for (let i = 0; i < 4; i += 1) {
    world.clock.advance(hour)
    await world.runJobs()
  }
  assert.deepEqual(mail.mails.map(({ to }) => to).toSorted(), [bea.email, rob.email].toSorted())
  assert.equal(mail.to(bea.email).subject, 'Backups of Bakery: 1 of 2 in the last day')
  assert.match(mail.to(rob.email).text, /Backups of Northwind|Active clients: 2/)
  await world.send('PATCH', '/api/v1/settings/alerts', { summary: 'weekly' })
  for (let days = 0; days < 7; days += 1) {
    world.clock.advance(day)
    await world.runJobs()
  }
  assert.equal(mail.mails.length, 4, 'one Monday in seven days')
})

onEachDatabase('summaries are queued in steps, each once, and only where mail is set up', async (place) => {
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  const customer = await world.customer({ name: 'Bakery' })
  const people = 203
  for (let n = 0; n < people; n += 1) await world.user('customer-operator', customer.id)
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: [], summary: 'daily' })
  const morning = new Date(world.clock.now())
  morning.setDate(morning.getDate() + 1)
  morning.setHours(6, 30, 0, 0)
  world.clock.advance(morning.getTime() - world.clock.now())
  const job = summaryJob(world)
  const run = (signal: AbortSignal) => job.run({ payload: null, id: 'job', signal })
  const queued = async () => {
    const rows = await place.database.queries
      .selectFrom('jobs')
      .select('payload')
      .where('kind', '=', 'mail')
      .execute()
    return rows.map(({ payload }) => (JSON.parse(payload) as { to: string }).to)
  }
  await run(new AbortController().signal)
  await world.setUpMail(mail)
  const stopping = new AbortController()
  let asked = 0
  stopping.signal.throwIfAborted = () => {
    asked += 1
    if (asked === 3) throw new Error('The server stops')
  }
  await assert.rejects(run(stopping.signal), /The server stops/)
  assert.equal((await queued()).length, 200, 'begun again, once mail was set up, and stopped in between')
  await run(new AbortController().signal)
  await run(new AbortController().signal)
  const readers = await queued()
  assert.deepEqual([readers.length, new Set(readers).size], [people, people])
})

onEachDatabase('webhooks are signed, tried again until they answer, and seen in the list', async (place) => {
  await using world = await startApiWorld(place)
  const received: { body: string; signature: string }[] = []
  let status = 500
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      received.push({ body, signature: String(request.headers['granary-signature']) })
      response.writeHead(status, { location: world.url }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  for (const bad of ['ftp://x.example', 'javascript:alert(1)', 'x', 'https://user:password@x.example/']) {
    await world.refused('invalid-request', 'POST', '/api/v1/webhooks', { body: { name: 'x', url: bad } })
  }
  const hook = await world.send<Webhook & { secret: string }>('POST', '/api/v1/webhooks', {
    name: 'Pager',
    url,
  })
  const listed = await world.get<List<Webhook>>('/api/v1/webhooks')
  assert.ok(!JSON.stringify(listed).includes(hook.secret), 'the secret is shown once')
  const tested = await world.send<Webhook>('POST', `/api/v1/webhooks/${hook.id}/test`)
  assert.deepEqual(
    [tested.lastDelivery?.ok, tested.lastDelivery?.answer],
    [false, '500 Internal Server Error'],
  )

  const customer = await world.customer({ name: 'Bakery', space: { allottedBytes: 1000 } })
  await use(world, customer.id, 1000)
  await tick(world)
  const about = () =>
    received
      .map(({ body }) => JSON.parse(body) as WebhookEvent)
      .filter(({ alert }) => alert?.kind === 'space-low')
  const first = about()
  assert.equal(first.length, 1)
  status = 302
  world.clock.advance(2 * minute)
  await world.runJobs()
  assert.equal(about().length, 2, 'a redirect is no answer, and is not followed')
  status = 204
  world.clock.advance(5 * minute)
  await world.runJobs()
  world.clock.advance(hour)
  await world.runJobs()
  assert.equal(about().length, 3)
  assert.ok(
    about().every(({ id }) => id === first[0]?.id),
    'the same event each time',
  )
  for (const { body, signature } of received) {
    const [, at, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
    assert.equal(mac, createHmac('sha256', hook.secret).update(`${at}.${body}`).digest('hex'))
  }
  const { items } = await world.get<WebhookDeliveries>(`/api/v1/webhooks/${hook.id}/deliveries`)
  assert.deepEqual(
    items.filter(({ about }) => about.includes('Bakery')).map(({ ok, answer }) => [ok, answer]),
    [
      [true, '204 No Content'],
      [false, '302 Found'],
      [false, '500 Internal Server Error'],
    ],
  )
  await world.send('DELETE', `/api/v1/webhooks/${hook.id}`)
  await world.refused('webhook-not-found', 'GET', `/api/v1/webhooks/${hook.id}/deliveries`)
  await use(world, customer.id, 0)
  await tick(world)
  assert.equal(about().length, 3)
  server.close()
})

onEachDatabase(
  'webhooks reach no address of the link alone, and only the newest attempts are kept',
  async (place) => {
    await using world = await startApiWorld(place)
    const test = async (url: string) => {
      const hook = await world.send<Webhook>('POST', '/api/v1/webhooks', { name: 'x', url })
      const tested = await world.send<Webhook>('POST', `/api/v1/webhooks/${hook.id}/test`)
      return { id: hook.id, answer: tested.lastDelivery?.answer ?? '' }
    }
    for (const url of [
      'http://169.254.169.254/latest/meta-data/',
      'http://2852039166/',
      'http://[fe80::1]/',
      'http://[::ffff:169.254.169.254]/',
      'http://[fd00:ec2::254]/',
    ]) {
      assert.match((await test(url)).answer, /^Nothing is sent to /, url)
    }
    const { id, answer } = await test('http://127.0.0.1:1/')
    assert.match(answer, /ECONNREFUSED/)
    for (let n = 0; n < 52; n += 1) await world.send('POST', `/api/v1/webhooks/${id}/test`)
    const { items } = await world.get<WebhookDeliveries>(`/api/v1/webhooks/${id}/deliveries`)
    assert.equal(items.length, 50)
    assert.ok(items.every(({ event, ok }) => event === 'test' && !ok))
  },
)

onEachDatabase('metrics are for keys of the server, in the words of Prometheus', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery', state: 'deactivated' })
  await world.client(customer, { clientId: 'web' })
  await world.refused('not-signed-in', 'GET', '/metrics', { key: null })
  await world.refused('api-key-invalid', 'GET', '/metrics', { key: 'made-up' })
  await world.refused('not-permitted', 'GET', '/metrics', {
    key: await world.key('customer-admin', customer.id),
  })
  const answer = await world.call<string>('GET', '/metrics', { key: await world.key('server-read-only') })
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  const families = new Map(parsePrometheusTextFormat(answer.body).map((family) => [family.name, family]))
  assert.deepEqual(families.get('granary_customers'), {
    name: 'granary_customers',
    help: 'Customers by state',
    type: 'GAUGE',
    metrics: [
      { value: '1', labels: { state: 'active' } },
      { value: '1', labels: { state: 'deactivated' } },
    ],
  })
  assert.deepEqual(families.get('granary_clients')?.metrics, [{ value: '1', labels: { state: 'active' } }])
  assert.ok(!answer.body.includes('Bakery'), 'sums only: no tenant is named')
  for (const { name, help, type, metrics } of families.values()) {
    assert.match(name, /^granary_[a-z_]+$/)
    assert.ok(help !== '' && type === 'GAUGE', name)
    const labels = metrics.map((metric) => JSON.stringify(metric.labels ?? {}))
    assert.equal(new Set(labels).size, labels.length, `${name} says something twice`)
  }
})

/** Lets the server look again. */
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

/** Versions of a client, as they lie in the ledger's present state. */
async function backedUp(world: ApiWorld, clientId: string, times: readonly number[]): Promise<void> {
  const { queries } = world.database
  const { vault_no } = await queries
    .updateTable('clients')
    .set({ last_backup_at: Math.max(...times) })
    .where('id', '=', clientId)
    .returning('vault_no')
    .executeTakeFirstOrThrow()
  for (const stored_at of times) {
    const name = Buffer.alloc(32, String(stored_at))
    await queries.insertInto('objects').values({ vault_no, type: 3, name, bytes: 1, stored_at }).execute()
  }
}

onEachDatabase('a backup of the server that fails is told of, until one succeeds', async (place) => {
  const serverBackupsFolder = path.join(place.dataFolder, 'elsewhere')
  let now = Date.now()
  await using world = await startApiWorld(place, {
    backUpServer: async () => {
      now += 1000
      await writeServerBackup(
        { database: place.location, dataFolder: place.dataFolder, serverBackupsFolder },
        now,
      )
    },
  })
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  const ada = await world.user('server-admin')
  await writeFile(serverBackupsFolder, 'a file where a folder should be')
  await tick(world)
  await tick(world)
  const open = async () => (await world.get<List<Alert>>('/api/v1/alerts?state=open')).items
  const [alert, ...others] = await open()
  assert.deepEqual(others, [])
  assert.equal(alert?.kind, 'server-backup-failed')
  assert.match(alert?.text ?? '', /EEXIST|ENOTDIR/)
  assert.match(mail.to(ada.email).text, /EEXIST|ENOTDIR/)
  await rm(serverBackupsFolder)
  world.clock.advance(2 * hour)
  await tick(world)
  await tick(world)
  assert.deepEqual(await open(), [])
  assert.equal((await readdir(serverBackupsFolder)).length, 1)
})
