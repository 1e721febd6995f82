import assert from 'node:assert/strict'
import type { Account, Alert, List, Session } from '@granary/contract'
import { startMailServer } from '@granary/testing'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase(
  'alerts, what is over and summaries reach everybody in their own language, others in the server’s',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mail = await startMailServer()
    await world.setUpMail(mail)
    const customer = await world.customer({ name: 'Bäckerei', space: { allottedBytes: 2_000_000 } })
    await world.client(customer, { clientId: 'kasse-1' })
    const bea = await world.user('customer-operator', customer.id)
    const carl = await world.user('customer-admin', customer.id)
    await world.send('PATCH', '/api/v1/account', { language: 'de' }, bea)
    await world.send('PATCH', '/api/v1/settings/alerts', {
      copyTo: ['noc@provider.example'],
      kinds: ['space-low'],
    })
    await use(world, customer.id, 1_900_000)
    await tick(world)
    assert.equal(mail.to(bea.email).subject, 'Speicherplatz ist knapp: Bäckerei')
    assert.match(mail.to(bea.email).text, /^Bäckerei belegt 1,90 MB von 2,00 MB\. An der Grenze/)
    assert.match(mail.to(bea.email).text, /Warnungen öffnen:\nhttp.*\n-- \nJede Warnung.*„Ihr Konto“/s)
    assert.match(mail.to(bea.email).html, /<html lang="de">.*>Keine dieser Mails mehr<\/a>/s)
    for (const address of [carl.email, 'noc@provider.example']) {
      assert.equal(mail.to(address).subject, 'Space is low: Bäckerei')
      assert.match(mail.to(address).text, /^Bäckerei uses 1\.90 MB of 2\.00 MB\./)
      assert.match(mail.to(address).html, /<html lang="en">/)
    }
    const [alert] = (await world.get<List<Alert>>('/api/v1/alerts')).items
    assert.deepEqual(alert?.message, {
      code: 'space-low',
      name: 'Bäckerei',
      usedBytes: 1_900_000,
      allottedBytes: 2_000_000,
    })
    assert.match(alert?.text ?? '', /^Bäckerei uses 1\.90 MB/, 'in English, whoever asks')

    await world.send('PATCH', '/api/v1/settings/mail', { language: 'de' })
    await world.send('PATCH', '/api/v1/account', { language: 'en' }, bea)
    await use(world, customer.id, 100_000)
    await tick(world)
    assert.equal(mail.to(bea.email).subject, 'Resolved: Space is low: Bäckerei')
    for (const address of [carl.email, 'noc@provider.example']) {
      assert.equal(mail.to(address).subject, 'Erledigt: Speicherplatz ist knapp: Bäckerei')
      assert.match(mail.to(address).text, /^Nicht mehr der Fall:\n\nBäckerei belegt/)
    }

    await world.send('PATCH', '/api/v1/settings/alerts', { summary: 'daily' })
    const morning = new Date(world.clock.now())
    morning.setDate(morning.getDate() + 1)
    morning.setHours(7, 0, 0, 0)
    world.clock.advance(morning.getTime() - world.clock.now())
    for (let round = 0; round < 3; round += 1) await world.runJobs()
    assert.equal(mail.to(bea.email).subject, 'Backups of Bäckerei: 0 of 1 in the last day')
    assert.equal(mail.to(carl.email).subject, 'Backups von Bäckerei: 0 von 1 am letzten Tag')
    assert.match(mail.to(carl.email).text, /Aktive Clients: 1\nGesichert .*\nBelegter Speicher: 100 kB/)
  },
)

onEachDatabase('invitations and password links follow the language, too', async (place) => {
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  const customer = await world.customer({ name: 'Bakery' })
  const bea = await world.user('customer-admin', customer.id)
  const invite = async (email: string) => {
    const role = 'customer-operator'
    await world.send('POST', '/api/v1/users', { name: 'Nina', email, role, place: customer.id }, bea)
    await world.runJobs()
    return mail.to(email)
  }
  const reset = async () => {
    world.clock.advance(10 * 60_000)
    await world.send('POST', '/api/v1/password-reset', { email: bea.email }, { key: null })
    for (let round = 0; round < 2; round += 1) await world.runJobs()
    return mail.to(bea.email)
  }
  assert.match((await invite('one@bakery.example')).subject, /^Your access to the backups of Bakery$/)
  assert.equal((await reset()).subject, 'Choose a new password')
  await world.send('PATCH', '/api/v1/settings/mail', { language: 'de' })
  const german = await invite('two@bakery.example')
  assert.equal(german.subject, 'Ihr Zugang zu den Backups von Bakery')
  assert.match(german.text, /^Guten Tag Nina,.*Passwort wählen:\nhttp\S+\/welcome\?token=/s)
  const link = await reset()
  assert.equal(link.subject, 'Neues Passwort wählen')
  assert.match(link.links[0] ?? '', /\/new-password\?token=/)
  await world.send('PATCH', '/api/v1/account', { language: 'en' }, bea)
  assert.equal((await reset()).subject, 'Choose a new password', 'what she chose holds')
  await world.send('POST', '/api/v1/settings/mail/test', { to: 'ada@provider.example' })
  assert.match(mail.to('ada@provider.example').subject, /kann Mails versenden$/)
})

onEachDatabase(
  'a language is chosen under one’s account, given back, and known to the session',
  async (place) => {
    await using world = await startApiWorld(place)
    const bea = await world.user('customer-admin', (await world.customer({ name: 'Bakery' })).id)
    const language = async () => (await world.get<Session>('/api/v1/session', bea)).language
    assert.equal(await language(), null)
    const account = await world.send<Account>('PATCH', '/api/v1/account', { language: 'de' }, bea)
    assert.deepEqual([account.name, account.language, await language()], [bea.name, 'de', 'de'])
    await world.refused('invalid-request', 'PATCH', '/api/v1/account', { ...bea, body: { language: 'xx' } })
    await world.send('PATCH', '/api/v1/account', { language: null }, bea)
    assert.equal(await language(), null)
  },
)

async function use(world: ApiWorld, customerId: string, usedBytes: number): Promise<void> {
  await world.database.queries
    .updateTable('space')
    .set({ used_bytes: usedBytes })
    .where('owner_id', '=', customerId)
    .execute()
}

/** Lets the server look at what may be the matter, and send what it has to tell. */
async function tick(world: ApiWorld): Promise<void> {
  world.clock.advance(6 * 60_000)
  for (let round = 0; round < 2; round += 1) await world.runJobs()
}
