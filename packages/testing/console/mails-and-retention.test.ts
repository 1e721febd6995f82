import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMailServer } from '@granary/testing'
import axe from 'axe-core'
import { within } from '../src/within.ts'
import { administrator, startConsoleWorld } from './console-world.ts'

test('mail that is not set up is said beside the alerts, with the way to set it up', async () => {
  await using world = await startConsoleWorld()
  await using mail = await startMailServer()
  const { page } = world
  await world.open('/alerts')
  const notice = page.getByRole('status').filter({ hasText: 'Mail is not set up' })
  await notice.waitFor()
  await page.setViewportSize({ width: 1280, height: 320 })
  assert.ok(await notice.evaluate((box) => box.scrollHeight <= box.clientHeight), 'the list gives way to it')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('link', { name: 'Set up mail' }).click()
  await page.getByLabel('Host (SMTP)').fill('127.0.0.1')
  await page.getByLabel('Port').fill(String(mail.port))
  await page.getByLabel('Encryption').selectOption('none')
  await page.getByLabel('Address', { exact: true }).fill('backup@provider.example')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Mail settings are saved.').waitFor()
  await page.getByLabel('Host (SMTP)').fill('typed after that')
  await page.getByRole('link', { name: 'Alerts', exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor()
  assert.equal(await page.getByText('Mail is not set up').count(), 0)
})

test('a mail is unsubscribed from on a page that asks first, and chosen again in the account', async () => {
  await using world = await startConsoleWorld()
  await using mail = await startMailServer()
  const { page } = world
  await world.api('PATCH', '/api/v1/settings/alerts', {
    kinds: ['mcals-short', 'disk-low'],
    diskPercent: 100,
  })
  await world.api('PATCH', '/api/v1/settings/mail', {
    ...{ host: '127.0.0.1', port: mail.port, security: 'none' },
    ...{ fromAddress: 'backup@provider.example', consoleUrl: world.url },
  })
  await within(30_000, async () => assert.ok(mail.mails.some(({ to }) => to === administrator.email)))
  const { text } = mail.to(administrator.email)
  const link = /http\S+\/unsubscribe\?token=\S+/.exec(text)?.[0] ?? ''
  const reader = await world.stranger()
  await reader.goto(link)
  await reader.getByText(`${administrator.email} gets no more mail about:`).waitFor()
  await reader.getByText('Disk is low').waitFor()
  await world.open('/account')
  const disk = page.getByRole('checkbox', { name: 'Disk is low' })
  await disk.waitFor()
  assert.ok(await disk.isChecked(), 'looking changes nothing')
  await reader.evaluate(axe.source)
  const faults = await reader.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<axe.AxeResults> } }
    return (await axe.run()).violations.map(({ id }) => id)
  })
  assert.deepEqual(faults, [])
  await reader.getByRole('button', { name: 'Unsubscribe' }).click()
  await reader.getByRole('heading', { name: 'You are unsubscribed' }).waitFor()

  await page.reload()
  await disk.waitFor()
  assert.ok(!(await disk.isChecked()))
  await disk.check()
  await page.getByRole('checkbox', { name: 'Certificate is ending' }).uncheck()
  await page.locator('form', { has: disk }).getByRole('button', { name: 'Save' }).click()
  await page.getByText('What is mailed to you is saved.').waitFor()
  await page.reload()
  await disk.waitFor()
  assert.ok(await disk.isChecked())
  assert.ok(!(await page.getByRole('checkbox', { name: 'Certificate is ending' }).isChecked()))
})

test('how long logs are kept is set, empty for ever, and wrong numbers are said at their field', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/settings')
  await page.getByRole('link', { name: 'Logs' }).click()
  const audit = page.getByLabel('Audit log')
  assert.equal(await audit.inputValue(), '')
  await audit.fill('30')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('At least 90 days.').waitFor()
  await audit.fill('400')
  await page.getByLabel('Alerts that are over').fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The retention of logs is saved.').waitFor()
  const saved = await world.api<Record<string, unknown>>('GET', '/api/v1/settings/retention')
  assert.deepEqual([saved.auditDays, saved.alertDays, saved.jobDays], [400, null, 30])
})
