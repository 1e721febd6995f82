import assert from 'node:assert/strict'
import type { MailSettings } from '@granary/contract'
import { startMailServer } from '@granary/testing'
import { queueMail, writeMail } from '../platform/mail/mail.ts'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

const settingsPath = '/api/v1/settings/mail'
const hour = 60 * 60_000

onEachDatabase('a test mail says at once whether mail works, and why not', async (place) => {
  await using world = await startApiWorld(place)
  await using server = await startMailServer({ account: { user: 'granary', password: 'secret words' } })
  const test = () => ({ body: { to: 'ada@provider.example' } })
  await world.refused('mail-not-set-up', 'POST', `${settingsPath}/test`, test())
  const incomplete = await world.refused('invalid-request', 'PATCH', settingsPath, { body: { host: 'mail' } })
  assert.deepEqual(
    (incomplete.errors as { path: string }[]).map(({ path }) => path),
    ['fromAddress', 'consoleUrl'],
  )
  await world.setUpMail(server)
  await world.send('PATCH', settingsPath, { user: 'granary', password: 'wrong' })
  const refused = await world.refused('mail-not-sent', 'POST', `${settingsPath}/test`, test())
  assert.match(String(refused.reason), /Wrong user or password/)

  const edited = await world.send<MailSettings>('PATCH', settingsPath, {
    password: 'secret words',
    fromName: 'Northwind, "Backup" <x@y>',
  })
  assert.equal(edited.hasPassword, true)
  assert.ok(!JSON.stringify(edited).includes('secret words'), 'it is never shown')
  await world.send('POST', `${settingsPath}/test`, { to: 'ada@provider.example' })
  const mail = server.to('ada@provider.example')
  assert.deepEqual(mail.from, { name: 'Northwind, "Backup" <x@y>', address: 'backup@provider.example' })
  assert.match(mail.text, /Mail works/)
  const stored = await place.database.queries.selectFrom('settings').selectAll().execute()
  assert.ok(!JSON.stringify(stored).includes('secret words'), 'nor readable in the database')
})

onEachDatabase('a mail server that is down or refuses loses nothing', async (place) => {
  await using world = await startApiWorld(place)
  const mail = {
    ...writeMail({
      language: 'en',
      subject: 'Precious',
      paragraphs: ['Keep it.'],
    }),
    to: 'bea@customer.example',
  }
  await place.database.transaction((transaction) => queueMail(transaction, mail, world.clock.now()))
  await world.runJobs()
  const before = await world.get<MailSettings>(settingsPath)
  assert.equal(before.queue.waiting, 1)
  assert.match(before.queue.lastError ?? '', /not set up/)

  const troubled = await startMailServer()
  troubled.refuseWith('Come back later')
  await world.setUpMail(troubled)
  await world.runJobs()
  const refused = await world.get<MailSettings>(settingsPath)
  assert.match(refused.queue.lastError ?? '', /Come back later/)
  await troubled[Symbol.asyncDispose]()
  for (let attempt = 0; attempt < 80; attempt += 1) {
    world.clock.advance(hour)
    await world.runJobs()
  }
  const givenUp = await world.get<MailSettings>(settingsPath)
  assert.deepEqual([givenUp.queue.waiting, givenUp.queue.failed], [0, 1])

  await using server = await startMailServer({ port: troubled.port })
  await world.send('POST', `${settingsPath}/retry`)
  await world.runJobs()
  assert.equal(server.to('bea@customer.example').subject, 'Precious')
  const after = await world.get<MailSettings>(settingsPath)
  assert.deepEqual(after.queue, { waiting: 0, failed: 0, lastError: null })
})

onEachDatabase('no name and no text can add a header, a recipient or a tag to a mail', async (place) => {
  await using world = await startApiWorld(place)
  await using server = await startMailServer()
  await world.setUpMail(server)
  const evil = 'Eve\r\nBcc: victim@customer.example\r\n\r\n<script>alert(1)</script>'
  await world.refused('invalid-request', 'PATCH', settingsPath, { body: { fromName: evil } })
  await world.refused('invalid-request', 'PATCH', settingsPath, { body: { host: 'mail\r\nRSET' } })
  for (const to of ['a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', '<a@b.example>']) {
    await world.refused('invalid-request', 'POST', `${settingsPath}/test`, { body: { to } })
  }
  const mail = writeMail({
    language: 'en',
    subject: evil,
    paragraphs: [evil],
    rows: [['"><img src=x>', evil]],
    button: { label: '<b>', url: 'https://granary.example/?a="onclick="' },
  })
  await queueMail(
    place.database.queries,
    { ...mail, to: 'ada@provider.example', fromName: evil },
    world.clock.now(),
  )
  await world.runJobs()
  assert.equal(server.mails.length, 1)
  const received = server.to('ada@provider.example')
  assert.equal(received.headers.bcc, undefined)
  assert.match(received.subject, /^Eve Bcc: victim/)
  assert.ok(!/<script|<img|"onclick|<b>/.test(received.html), received.html)
})

onEachDatabase('an address of the console that is none is said at its field', async (place) => {
  await using world = await startApiWorld(place)
  const body = { consoleUrl: 'no address' }
  const { errors } = await world.refused('invalid-request', 'PATCH', settingsPath, { body })
  assert.deepEqual(errors, [
    {
      path: 'consoleUrl',
      message: 'An address such as https://backup.example.com.',
      code: 'web-address',
      parameters: {},
    },
  ])
})
