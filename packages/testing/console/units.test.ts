import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { CustomerDetails } from '@granary/contract'
import type { Page } from 'playwright-core'
import { startConsoleWorld } from './console-world.ts'

async function choose(page: Page, units: string): Promise<void> {
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: units }).click()
}
const binary = 'KiB, MiB, GiB, TiB (by 1024)'
const decimal = 'kB, MB, GB, TB (by 1000)'

test('sizes are shown in binary units once chosen, at once and everywhere; CSV keeps to bytes', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const { id } = await world.customer({ name: 'Bakery', space: { allottedBytes: 2e12 } })
  await world.open('/customers')
  const table = page.getByRole('table', { name: 'List of Customers' })
  await table.locator('tbody').getByText('2.00 TB').waitFor()
  await choose(page, binary)
  await table.locator('tbody').getByText('1.82 TiB').waitFor()
  await table.locator('tfoot').getByText('1.82 TiB').waitFor()
  assert.equal(await table.getByText(' TB').count(), 0)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  assert.match(await readFile(await download.path(), 'utf8'), /Bakery.*,2000000000000,/)

  // Kept in this browser, and followed by its other tabs.
  const another = await page.context().newPage()
  await another.goto('/customers')
  await another.getByText('1.82 TiB').first().waitFor()
  await choose(another, decimal)
  await table.locator('tbody').getByText('2.00 TB').waitFor()
  await choose(page, binary)
  await another.getByText('1.82 TiB').first().waitFor()
  await another.close()

  // In a form a limit stays as it was set, and new ones are set in the units chosen, to the byte.
  await world.open(`/customers/${id}/edit`)
  const amount = page.getByRole('textbox', { name: 'Restrict Usage Space To' })
  const unit = page.getByLabel('Unit')
  assert.deepEqual([await amount.inputValue(), await unit.inputValue()], ['2', 'TB'])
  await page.getByRole('textbox', { name: 'City' }).fill('Köln')
  await choose(page, decimal)
  assert.deepEqual(await unit.locator('option').allTextContents(), ['MB', 'GB', 'TB', 'PB'])
  assert.equal(
    await page.getByRole('textbox', { name: 'City' }).inputValue(),
    'Köln',
    'nothing typed is lost',
  )
  await choose(page, binary)
  await unit.selectOption('GiB')
  await amount.fill('1.5')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Bakery is saved.').waitFor()
  const saved = await world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  assert.equal(saved.space.allottedBytes, 1.5 * 1024 ** 3)
  await world.open(`/customers/${id}/edit`)
  await unit.waitFor()
  assert.deepEqual([await amount.inputValue(), await unit.inputValue()], ['1.5', 'GiB'])
  assert.deepEqual(world.complaints, [])
})
