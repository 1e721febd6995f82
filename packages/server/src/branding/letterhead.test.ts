import assert from 'node:assert/strict'
import { startMailServer } from '@granary/testing'
import { startApiWorld } from '../test-world/api-world.ts'
import { brandPath, furnishBrands } from '../test-world/branded-tenants.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase('mails are from the brand of those they go to, and lead to its host name', async (place) => {
  await using world = await startApiWorld(place)
  await using server = await startMailServer()
  await world.setUpMail(server)
  await world.send('PATCH', '/api/v1/settings/mail', { consoleUrl: 'https://console.provider.example' })
  const { northwind, contoso, bakery } = await furnishBrands(world)
  const invite = (email: string, role: string, at?: { id: string }) =>
    world.send(
      'POST',
      '/api/v1/users',
      { name: 'Bea', email, role, ...(at && { place: at.id }) },
      {
        headers: { host: 'evil.example' },
      },
    )
  await invite('bea@bakery.example', 'customer-admin', bakery)
  await invite('carl@contoso.example', 'reseller-admin', contoso)
  await invite('ada@provider.example', 'server-admin')
  await world.runJobs()
  const toBea = server.to('bea@bakery.example')
  assert.deepEqual(toBea.from, { name: 'Northwind Backup', address: 'backup@provider.example' })
  assert.equal(toBea.headers['reply-to'], undefined)
  assert.match(toBea.links[0] ?? '', /^https:\/\/backup\.northwind\.example\/welcome\?token=/)
  assert.match(toBea.html, />Northwind Backup<.*background:#2563eb/s)
  for (const address of ['carl@contoso.example', 'ada@provider.example']) {
    const mail = server.to(address)
    assert.deepEqual(mail.from, { name: 'Cloudhaven', address: 'backup@provider.example' })
    assert.match(mail.links[0] ?? '', /^https:\/\/console\.provider\.example\/welcome/)
  }

  await world.send('PATCH', brandPath(northwind), {
    senderName: 'Näns & Co.',
    replyTo: 'help@northwind.example',
    fromAddress: 'backup@northwind.example',
    accent: '#ffcc00',
  })
  const bob = await world.user('customer-admin', bakery.id)
  await world.send('POST', '/api/v1/password-reset', { email: bob.email }, { key: null })
  await world.runJobs()
  await world.runJobs()
  const toBob = server.to(bob.email)
  assert.deepEqual(toBob.from, { name: 'Näns & Co.', address: 'backup@northwind.example' })
  assert.match(toBob.headers['reply-to'] ?? '', /help@northwind\.example/)
  assert.match(toBob.links[0] ?? '', /^https:\/\/backup\.northwind\.example\/new-password/)
  assert.ok(!/#ffcc00/.test(toBob.html), 'white text on it could not be read')
})

onEachDatabase('alerts and summaries go out under the brand of each reader', async (place) => {
  await using world = await startApiWorld(place)
  await using server = await startMailServer()
  await world.setUpMail(server)
  const { northwind, bakery } = await furnishBrands(world)
  const bea = await world.user('customer-admin', bakery.id)
  const rita = await world.user('reseller-admin', northwind.id)
  const ada = await world.user('server-admin')
  await world.client(bakery, { clientId: 'till-1' })
  const copyTo = ['noc@provider.example', ada.email]
  await world.send('PATCH', '/api/v1/settings/alerts', { copyTo, summary: 'daily' })
  await world.send('PATCH', `/api/v1/customers/${bakery.id}`, { space: { allottedBytes: 1000 } })
  await world.database.queries
    .updateTable('space')
    .set({ used_bytes: 999 })
    .where('owner_id', '=', bakery.id)
    .execute()
  const morning = new Date(world.clock.now())
  morning.setDate(morning.getDate() + 1)
  morning.setHours(7, 0, 0, 0)
  world.clock.advance(morning.getTime() - world.clock.now())
  for (let round = 0; round < 3; round += 1) await world.runJobs()
  for (const who of [bea, rita]) {
    const mails = server.mails.filter(({ to }) => to === who.email)
    const subjects = mails.map(({ subject }) => subject.split(':')[0]).toSorted()
    const place = who === bea ? 'Bakery' : 'Northwind'
    assert.deepEqual(subjects, [`Backups of ${place}`, 'Space is low'])
    for (const { from, links } of mails) {
      assert.equal(from.name, 'Northwind Backup')
      assert.match(links[0] ?? '', /^http:\/\/backup\.northwind\.example:\d+\/(alerts)?$/)
    }
  }
  for (const address of copyTo) assert.equal(server.to(address).from.name, 'Cloudhaven')
})
