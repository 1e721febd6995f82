import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('an API key is shown once, works until it is revoked, and no longer', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery Müller' })
  await world.customer({ name: 'Clinic' })
  const { page } = world
  await world.open('/api-keys')
  await page.getByRole('button', { name: 'Create API key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Create API key' }).click()
  await dialog.getByText('A name is needed.').waitFor()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('billing export')
  await dialog.getByLabel('Role').selectOption('Customer: read only')
  await dialog.getByRole('button', { name: 'Create API key' }).click()
  await dialog.getByText('Choose where it belongs.').waitFor()
  await dialog.getByRole('combobox', { name: 'Customer', exact: true }).fill('Bakery')
  await page.getByRole('option', { name: 'Bakery Müller' }).click()
  await dialog.getByRole('button', { name: 'Create API key' }).click()
  const key = (await dialog.locator('code').textContent()) ?? ''
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'hidden' })
  assert.equal(await page.getByText(key).count(), 0)

  const ask = (path: string) =>
    fetch(new URL(path, world.url), { headers: { authorization: `Bearer ${key}` } })
  const seen = (await (await ask('/api/v1/customers')).json()) as { total: number }
  assert.equal(seen.total, 1)
  assert.equal((await ask(`/api/v1/customers/${customer.id}`)).status, 200)
  await page.getByRole('button', { name: 'Revoke: billing export' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('API key “billing export” is revoked.').waitFor()
  assert.equal((await ask('/api/v1/customers')).status, 401)
})

test('API keys are searched, sorted and exported, and revoked together', async () => {
  await using world = await startConsoleWorld()
  for (const name of ['billing', 'monitor one', 'monitor two'])
    await world.api('POST', '/api/v1/api-keys', { name, role: 'server-read-only' })
  const { page } = world
  await world.open('/api-keys')
  const table = page.getByRole('table', { name: 'API keys' })
  await page.getByText('4 API keys', { exact: true }).waitFor()
  await table.getByRole('button', { name: 'Created' }).click()
  await page.waitForURL(/sort=createdAt/)
  await page.getByRole('searchbox', { name: 'Filter API keys' }).fill('MONITOR')
  await page.getByText('2 API keys', { exact: true }).waitFor()
  await page.reload()
  await page.getByText('2 API keys', { exact: true }).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  const csv = await readFile(await download.path(), 'utf8')
  assert.equal(csv.trim().split('\r\n').length, 3)
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await page.getByRole('toolbar', { name: '2 selected' }).getByRole('button', { name: 'Revoke' }).click()
  const dialog = page.getByRole('dialog', { name: 'Revoke 2 API keys?' })
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('2 API keys are revoked.').waitFor()
  await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByText('2 API keys', { exact: true }).waitFor()
  assert.deepEqual(world.complaints, [])
})
