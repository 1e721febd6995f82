import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Client, CustomerDetails, ResellerDetails } from '@granary/contract'
import type { Locator } from 'playwright-core'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'
import { raiseAlarm } from './raise-alarm.ts'

test('allotments of all levels are edited in place, by keyboard, with Undo and with the server’s refusal', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const reseller = await world.api<ResellerDetails>('POST', '/api/v1/resellers', {
    name: 'Northwind',
    space: { allottedBytes: 2e12 },
  })
  const bakery = await world.customer({
    name: 'Bakery',
    reseller: reseller.id,
    space: { allottedBytes: 15e11 },
  })
  const till = await world.client(bakery, { clientId: 'till-1' })
  await world.customer({ name: 'Clinic', reseller: reseller.id, space: { allottedBytes: 1e12 } })
  const customer = () => world.api<CustomerDetails>('GET', `/api/v1/customers/${bakery.id}`)

  await world.open('/space')
  const table = page.getByRole('table', { name: 'Disk Space & Client Management' })
  const row = (name: string) => table.getByRole('row').filter({ hasText: name })
  await row('Northwind').getByText('2.50 TB').waitFor()
  await table.getByRole('button', { name: 'Expand Northwind' }).click()
  await table.getByRole('button', { name: 'Expand Bakery' }).click()
  await row('till-1').waitFor()

  await table.getByRole('button', { name: 'Allotted Space of Bakery' }).press('Enter')
  const amount = table.getByRole('textbox', { name: 'Allotted Space of Bakery' })
  await amount.fill('900')
  await amount.press('Escape')
  assert.equal((await customer()).space.allottedBytes, 15e11, 'Escape leaves it')
  await page.keyboard.press('Enter')
  await amount.fill('900')
  await table.getByRole('combobox', { name: 'Unit' }).selectOption('GB')
  await amount.press('Enter')
  await page.getByText('Allotted Space of Bakery: 900 GB.').waitFor()
  assert.equal((await customer()).space.allottedBytes, 9e11)
  await row('Northwind').getByText('1.90 TB').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Allotted Space of Bakery: 1.50 TB.').waitFor()
  assert.equal((await customer()).space.allottedBytes, 15e11)

  await table.getByRole('button', { name: 'MCALs of Bakery' }).click()
  await table.getByRole('textbox', { name: 'MCALs of Bakery' }).fill('40')
  await table.getByRole('button', { name: 'Save' }).click()
  await page.getByText('MCALs of Bakery: 40.').waitFor()
  assert.equal((await customer()).mcals.allotted, 40)
  await table.getByRole('button', { name: 'Allotted Space of till-1' }).click()
  await table.getByRole('textbox', { name: 'Allotted Space of till-1' }).fill('5')
  await page.keyboard.press('Enter')
  await page.getByText('Allotted Space of till-1: 5.00 GB.').waitFor()
  assert.equal((await world.api<Client>('GET', `/api/v1/clients/${till.id}`)).space.allottedBytes, 5e9)

  await world.api('PATCH', '/api/v1/settings', { overAllotting: false })
  await table.getByRole('button', { name: 'Allotted Space of Clinic' }).click()
  await table.getByRole('textbox', { name: 'Allotted Space of Clinic' }).fill('3')
  await page.keyboard.press('Enter')
  await page.getByText('More would be allotted than there is').waitFor()
  await row('Clinic').getByText('1.00 TB').waitFor()
  assert.deepEqual(
    world.complaints.filter((line) => !line.includes('409')),
    [],
  )
})

test('an allotment that is being edited is saved by nobody else, is a number, and outlives a server that fails', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const { id } = await world.customer({ name: 'Bakery', mcals: { allotted: 7 } })
  const read = () => world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  await world.open('/space?search=Bakery')
  const mcals = page.getByRole('textbox', { name: 'MCALs of Bakery' })
  const amount = page.getByRole('textbox', { name: 'Allotted Space of Bakery' })

  // Enter on the button that leaves it, leaves it.
  await page.getByRole('button', { name: 'Allotted Space of Bakery' }).click()
  await amount.fill('5')
  await page.getByRole('button', { name: 'Cancel' }).press('Enter')
  await page.getByRole('button', { name: 'Allotted Space of Bakery: Unlimited' }).waitFor()
  assert.equal((await read()).space.allottedBytes, null)

  // What is no number is no lack of one.
  await page.getByRole('button', { name: 'MCALs of Bakery' }).click()
  await mcals.press('ControlOrMeta+a')
  await mcals.pressSequentially('-')
  await mcals.press('Enter')
  assert.equal(await mcals.getAttribute('aria-invalid'), 'true')
  assert.equal((await read()).mcals.allotted, 7)
  await mcals.press('Escape')

  // Set elsewhere meanwhile, and not touched here.
  await page.getByRole('button', { name: 'MCALs of Bakery: 7' }).click()
  const readAgain = page.waitForResponse('**/api/v1/customers?*')
  await world.api('PATCH', `/api/v1/customers/${id}`, { mcals: { allotted: 9 } })
  await readAgain
  await mcals.press('Enter')
  await page.getByRole('button', { name: 'MCALs of Bakery: 9' }).waitFor()
  assert.equal((await read()).mcals.allotted, 9)

  await page.getByRole('button', { name: 'Allotted Space of Bakery' }).click()
  await amount.fill('77')
  await page.route('**/api/v1/customers?**', (route) => route.fulfill({ status: 429, body: 'Enough.' }))
  const refused = page.waitForResponse('**/api/v1/customers?**')
  await world.api('PATCH', `/api/v1/customers/${id}`, { information: { city: 'Köln' } })
  await refused
  await page.unroute('**/api/v1/customers?**')
  await amount.press('Enter')
  await page.getByText('Allotted Space of Bakery: 77.0 GB.').waitFor()
  assert.equal((await read()).space.allottedBytes, 77e9)
})

/** Two resellers with a customer and two clients each. */
async function plantTree(world: ConsoleWorld) {
  const branch = async (name: string, terabytes: number) => {
    const space = { allottedBytes: terabytes * 1e12 }
    const reseller = await world.api<ResellerDetails>('POST', '/api/v1/resellers', { name, space })
    const customer = await world.customer({ name: `${name} Bakery`, reseller: reseller.id, space })
    const till = await world.client(customer, { clientId: `${name.toLowerCase()}-till` })
    await world.client(customer, { clientId: `${name.toLowerCase()}-desk`, state: 'deactivated' })
    return { reseller, customer, till }
  }
  return { northwind: await branch('Northwind', 2), contoso: await branch('Contoso', 5) }
}

test('the tree is searched, filtered and sorted by the server at all levels, and exported whole', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await plantTree(world)
  await world.open('/space')
  const table = page.getByRole('table', { name: 'Disk Space & Client Management' })
  const names = async () => (await table.locator('tr[data-depth] a').allTextContents()).join(' ')
  const exported = async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ])
    return readFile(await download.path(), 'utf8')
  }
  await table.getByText('Northwind').waitFor()
  assert.equal(await names(), 'Contoso Default Reseller Northwind')
  await table.getByRole('button', { name: 'Allotted Space', exact: true }).click()
  await page.locator('th[aria-sort=ascending]').getByText('Allotted Space').waitFor()
  await page.waitForURL(/sort=allottedBytes/)
  await table.locator('tr[data-depth]').first().getByText('Northwind').waitFor()
  assert.equal(await names(), 'Northwind Contoso Default Reseller')

  // Nothing is unfolded, and all of it is in the file.
  const whole = (await exported()).split('\r\n').slice(1, -1)
  assert.deepEqual(
    whole.map((line) => line.split(',').slice(0, 6).join(',')),
    [
      'Reseller,Northwind,,,active,2000000000000',
      'Customer,Northwind,Northwind Bakery,,active,2000000000000',
      'Client,Northwind,Northwind Bakery,northwind-till,active,',
      'Client,Northwind,Northwind Bakery,northwind-desk,deactivated,',
      'Reseller,Contoso,,,active,5000000000000',
      'Customer,Contoso,Contoso Bakery,,active,5000000000000',
      'Client,Contoso,Contoso Bakery,contoso-till,active,',
      'Client,Contoso,Contoso Bakery,contoso-desk,deactivated,',
      'Reseller,Default Reseller,,,active,',
      'Customer,Default Reseller,Default Customer,,active,',
    ],
  )

  const search = page.getByRole('searchbox', { name: 'Filter all levels' })
  await search.fill('CONTOSO')
  await page.getByText('4 matches').waitFor()
  assert.equal(await names(), 'Contoso Contoso Bakery contoso-till contoso-desk')
  await page.getByLabel('State').selectOption('Deactivated')
  await page.getByText('1 match', { exact: true }).waitFor()
  await table.getByRole('row').filter({ hasText: 'contoso-desk' }).getByText('Contoso Bakery').waitFor()
  assert.equal((await exported()).trim().split('\r\n').length, 2)
  await page.goBack()
  await page.getByText('4 matches').waitFor()
  await search.fill('nobody at all')
  await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await table.getByText('Default Reseller').waitFor()
  await page.getByRole('button', { name: 'Choose columns' }).click()
  await page.getByRole('checkbox', { name: 'MCALs used' }).uncheck()
  await page.keyboard.press('Escape')
  await page.reload()
  await table.getByText('Default Reseller').waitFor()
  assert.equal(await page.getByRole('columnheader', { name: 'MCALs used' }).count(), 0)
  assert.deepEqual(world.complaints, [])
})

test('clients with warning signs are found over all customers, in either language', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const { northwind } = await plantTree(world)
  await raiseAlarm(world, northwind.till.id, 1)
  await world.open('/space')
  await page.getByRole('combobox', { name: 'Attention' }).selectOption('With warning signs')
  await page.getByText('1 match', { exact: true }).waitFor()
  const table = page.getByRole('table', { name: 'Disk Space & Client Management' })
  const found = table.getByRole('row').filter({ hasText: 'northwind-till' })
  await found.getByRole('img', { name: 'As much new data as the vault held' }).waitFor()
  await found.getByText('Northwind Bakery').waitFor()
  assert.equal(await table.locator('tr[data-depth]').count(), 1, 'and nobody else')
  await page.getByRole('combobox', { name: 'Attention' }).selectOption('With damage')
  await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await table.getByText('Contoso', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  await page.getByRole('combobox', { name: 'Beachten' }).selectOption('Mit Warnzeichen')
  await page.getByText('1 Treffer', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'northwind-till' }).first().click()
  await page.getByRole('region', { name: 'Warnzeichen dieses Clients' }).waitFor()
  assert.deepEqual(world.complaints, [])
})

test('the tree is worked by keyboard, and what is unfolded stands in the address', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const { keyboard } = page
  const { northwind } = await plantTree(world)
  await world.open('/space')
  const table = page.getByRole('table', { name: 'Disk Space & Client Management' })
  await table.getByText('Northwind').waitFor()
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('a')?.textContent ?? null)
  for (const key of ['j', 'j', 'ArrowDown']) await keyboard.press(key)
  assert.equal(await focused(), 'Northwind')
  await keyboard.press('ArrowRight')
  await table.getByText('Northwind Bakery').waitFor()
  await keyboard.press('j')
  await keyboard.press('ArrowRight')
  await table.getByText('northwind-till').waitFor()
  await keyboard.press('j')
  await keyboard.press('j')
  assert.equal(await focused(), 'northwind-till')
  await keyboard.press('e')
  await table.getByRole('textbox', { name: 'Allotted Space of northwind-till' }).fill('7')
  await keyboard.press('Enter')
  await page.getByText('Allotted Space of northwind-till: 7.00 GB.').waitFor()
  const saved = await world.api<Client>('GET', `/api/v1/clients/${northwind.till.id}`)
  assert.equal(saved.space.allottedBytes, 7e9)
  await keyboard.press('ArrowLeft')
  assert.equal(await focused(), 'Northwind Bakery')
  await page.reload()
  await table.getByText('northwind-till').waitFor()
  for (let n = 0; n < 5; n++) await keyboard.press('j')
  assert.equal(await focused(), 'northwind-desk')
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'northwind-desk' }).waitFor()
  await page.goBack()
  await table.getByText('northwind-till').waitFor()
  assert.deepEqual(world.complaints, [])
})

test('the heads of columns that are edited stand over their figures', async () => {
  await using world = await startConsoleWorld()
  await world.customer({ name: 'Bakery', space: { allottedBytes: 15e11 }, mcals: { allotted: 40 } })
  const { page } = world
  await world.open('/space')
  const table = page.getByRole('table', { name: 'Disk Space & Client Management' })
  await table.getByRole('button', { name: 'Expand Default Reseller' }).click()
  const endOf = (place: Locator) =>
    place.evaluate((element) => {
      const range = document.createRange()
      const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode()
      range.selectNode(words ?? element)
      return range.getBoundingClientRect().right
    })
  for (const [head, figure] of [
    ['Allotted Space', 'Allotted Space of Bakery: 1.50 TB'],
    ['MCALs Allotted', 'MCALs of Bakery: 40'],
  ] as const) {
    const cell = table.getByRole('button', { name: figure })
    await cell.waitFor()
    const distance = (await endOf(table.getByRole('columnheader', { name: head }))) - (await endOf(cell))
    assert.ok(Math.abs(distance) <= 1, `${head}: ${distance}`)
  }
})
