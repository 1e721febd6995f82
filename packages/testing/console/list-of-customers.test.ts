import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'

const table = (page: Page) => page.getByRole('table', { name: 'List of Customers' })
const bodyRows = (page: Page) => table(page).locator('tbody tr:not([aria-hidden])')

/** The names in the order they stand on screen. */
async function names(page: Page): Promise<string[]> {
  const texts = await bodyRows(page).locator('td:nth-child(2)').allTextContents()
  return texts.map((text) => text.trim())
}

/** Sixty customers beside Default Customer: more than one page. */
async function addSixty(world: ConsoleWorld): Promise<void> {
  for (let n = 1; n <= 60; n++) {
    await world.customer({
      name: `Customer ${String(n).padStart(2, '0')}`,
      space: { allottedBytes: n * 1_000_000_000 },
      state: n % 10 === 0 ? 'deactivated' : 'active',
    })
  }
}

test('the List of Customers is paged, and the page stays in the address and in the history', async () => {
  await using world = await startConsoleWorld()
  await addSixty(world)
  const { page } = world
  await world.open('/customers')
  await page.getByText('1–50 of 61').waitFor()
  assert.equal((await names(page))[0], 'Customer 01')

  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText('51–61 of 61').waitFor()
  assert.deepEqual(await names(page), [
    ...Array.from({ length: 10 }, (_, n) => `Customer ${n + 51}`),
    'Default Customer',
  ])
  await page.reload()
  await page.getByText('51–61 of 61').waitFor()
  await page.goBack()
  await page.getByText('1–50 of 61').waitFor()
  await page.goForward()
  await page.getByRole('button', { name: 'Previous page' }).click()
  await page.getByText('1–50 of 61').waitFor()

  // On a slow line the page before is there for a while, and leads on once, however often it is asked.
  await page.getByLabel('Auto authorization', { exact: true }).selectOption('false')
  await page.getByText('1–50 of 60').waitFor()
  const mayReach = Promise.withResolvers<void>()
  await page.route('**/api/v1/customers?*cursor=*', async (route) => {
    await mayReach.promise
    await route.continue()
  })
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.waitForURL(/cursor=/)
  await page.getByRole('button', { name: 'Next page' }).click()
  mayReach.resolve()
  await page.getByText('51–60 of 60').waitFor()
  await page.getByLabel('Auto authorization', { exact: true }).selectOption('')

  await page.getByLabel('Rows a page').selectOption('100')
  await page.getByText('1–61 of 61').waitFor()
  assert.deepEqual(world.complaints, [])
})

test('another page begins at its first row, and the way back leads to the row it was left at', async () => {
  await using world = await startConsoleWorld()
  await addSixty(world)
  const { page } = world
  const row = (name: string) => table(page).getByRole('link', { name, exact: true })
  const scrolled = () => table(page).evaluate((element) => element.parentElement?.scrollTop ?? 0)
  await world.open('/customers')
  await row('Customer 45').scrollIntoViewIfNeeded()
  const left = await scrolled()
  assert.ok(left > 300, `${left} pixels`)
  await row('Customer 45').click()
  await page.getByRole('heading', { name: 'Clients of Customer 45' }).waitFor()
  await page.goBack()
  await row('Customer 45').waitFor()
  await page.waitForFunction((top) => document.querySelector('table')?.parentElement?.scrollTop === top, left)

  await page.setViewportSize({ width: 1280, height: 500 })
  await row('Customer 50').scrollIntoViewIfNeeded()
  await page.getByRole('button', { name: 'Next page' }).click()
  await row('Customer 51').waitFor()
  assert.equal(await scrolled(), 0)
})

test('the List of Customers is searched, filtered and sorted by the server, and adds up', async () => {
  await using world = await startConsoleWorld()
  await addSixty(world)
  const { page } = world
  await world.open('/customers')
  await page.getByRole('searchbox', { name: 'Filter customers' }).fill('customer 5')
  await page.getByText('10 customers', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Allotted Space' }).click()
  await page
    .getByRole('columnheader', { name: 'Allotted Space', exact: true })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor()
  await page.getByRole('button', { name: 'Allotted Space' }).click()
  await page.locator('[aria-sort=descending]').waitFor()
  await page.getByRole('row').nth(1).getByText('Customer 59').waitFor()
  // 50 + 51 + … + 59 GB
  await table(page).locator('tfoot').getByText('545 GB').waitFor()

  await page.getByLabel('State').selectOption('Deactivated')
  await page.getByText('1 customer', { exact: true }).waitFor()
  assert.deepEqual(await names(page), ['Customer 50'])

  await page.getByRole('searchbox', { name: 'Filter customers' }).fill('nobody at all')
  await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByText('61 customers').waitFor()
  assert.deepEqual(world.complaints, [])
})

test('columns are chosen once and stay chosen', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers')
  const clients = page.getByRole('columnheader', { name: 'Clients', exact: true })
  await table(page).waitFor()
  assert.equal(await clients.count(), 0)
  await page.getByRole('button', { name: 'Choose columns' }).click()
  await page.getByRole('checkbox', { name: 'Clients', exact: true }).check()
  await clients.waitFor()
  await page.reload()
  await clients.waitFor()
})

test('the export holds all pages, and no name in it runs as a formula', async () => {
  await using world = await startConsoleWorld()
  await addSixty(world)
  await world.customer({ name: '=HYPERLINK("http://evil.example")' })
  const { page } = world
  await world.open('/customers')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n')
  assert.equal(lines.filter((line) => line !== '').length, 1 + 62)
  assert.match(lines[0] ?? '', /^\ufeff"?Customer Name/)
  const evil = lines.find((line) => line.includes('HYPERLINK')) ?? 'missing'
  assert.ok(evil.startsWith(`"'=HYPERLINK(""`), evil)
})

test('selected customers are deactivated together, and Undo brings them back', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery' })
  await world.customer({ name: 'Clinic' })
  const { page } = world
  await world.open('/customers')
  for (const name of ['Bakery', 'Clinic', 'Default Customer']) {
    await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  }
  await page.getByRole('toolbar', { name: '3 selected' }).getByRole('button', { name: 'Deactivate' }).click()
  await page.getByText('2 deactivated. 1 could not: The default always exists').waitFor()
  const state = async () => (await world.api<{ state: string }>('GET', `/api/v1/customers/${id}`)).state
  assert.equal(await state(), 'deactivated')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('2 activated.').waitFor()
  assert.equal(await state(), 'active')
})

test('an empty server shows three steps to the first backup', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/')
  const steps = page.getByRole('region', { name: 'Three steps to the first backup' })
  await steps.getByRole('link', { name: 'Add New Customer' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Bakery Müller')
  await page.getByRole('button', { name: 'Add New Customer' }).click()
  await page.getByRole('heading', { name: 'No clients yet' }).waitFor()
  await world.open('/')
  await steps.getByLabel('Done').waitFor()
  await steps.getByRole('link', { name: 'Add New Client' }).click()
  await page.getByRole('heading', { name: 'Add New Client' }).waitFor()
})

test('a list that can not be read says why, and another try reads it', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await page.route('**/api/v1/customers?**', (route) => route.abort())
  await world.open('/customers')
  await page.getByRole('heading', { name: 'The server does not answer' }).waitFor()
  await page.unroute('**/api/v1/customers?**')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('link', { name: 'Default Customer', exact: true }).waitFor()
})
