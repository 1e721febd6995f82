import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('alerts are set up, a webhook is added, tested and removed', async () => {
  await using world = await startConsoleWorld()
  const received: string[] = []
  const server = createServer((request, response) => {
    received.push(String(request.headers['granary-event']))
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { page } = world
  await world.open('/alerts')
  await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor()
  await world.open('/settings/alerts')
  await page.getByLabel('Space is low from').fill('0')
  await page.getByLabel('All of it also to').fill('noc@provider.example, not an address')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('An email address.').waitFor()
  await page.getByLabel('Space is low from').fill('75')
  await page.getByLabel('All of it also to').fill('noc@provider.example')
  await page.getByLabel('Summary').selectOption('Every day')
  await page.getByRole('checkbox', { name: 'Disk is low' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Alerts are saved.').waitFor()
  const saved = await world.api<Record<string, unknown>>('GET', '/api/v1/settings/alerts')
  assert.deepEqual([saved.spacePercent, saved.copyTo, saved.summary], [75, ['noc@provider.example'], 'daily'])

  await page.getByLabel('Name').fill('Pager')
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByText('An address such as https://backup.example.com.').waitFor()
  await page.getByLabel('URL').fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByText('The secret that signs what is sent to Pager is shown this once.').waitFor()
  await page.getByRole('button', { name: 'Test: Pager' }).click()
  await page.getByText('last answer: 204 No Content').waitFor()
  assert.deepEqual(received, ['test'])
  await page.getByRole('button', { name: 'Deliveries: Pager' }).click()
  const deliveries = page.getByRole('dialog', { name: 'Last deliveries to Pager' })
  await deliveries.getByText('204 No Content').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Remove: Pager' }).click()
  await page.getByText('Nothing is sent to Pager any more.').waitFor()
  server.close()
})

test('an alert leads to what it is about', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'till-1' })
  const bakery = `'${customer.id}', 'Bakery', '${customer.id}'`
  const now = Date.now()
  await world.change(`
    insert into alerts (id, kind, subject_id, subject_name, customer_id, text, began_at, resolved_at) values
      ('alr_1', 'space-low', ${bakery}, 'Bakery is nearly full.', ${now - 2}, ${now}),
      ('alr_2', 'mcals-short', ${bakery}, 'Bakery is short of MCALs.', ${now - 3}, ${now}),
      ('alr_3', 'backup-overdue', '${client.id}', 'till-1', '${customer.id}', 'till-1 is late.', ${now - 4}, ${now})`)
  const { page } = world
  const leads = [
    ['Bakery is nearly full.', 'Clients of Bakery'],
    ['Bakery is short of MCALs.', 'MCALs of Bakery'],
    ['till-1 is late.', 'till-1'],
  ] as const
  for (const [text, heading] of leads) {
    await world.open('/alerts?state=resolved')
    await page.getByRole('link', { name: text }).click()
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  }
})
