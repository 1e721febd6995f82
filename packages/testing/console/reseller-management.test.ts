import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startConsoleWorld } from './console-world.ts'

test('reseller management off: the level vanishes from tree, screens, forms and texts; on again, all is as before', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const bakery = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const till = await world.client(bakery, { clientId: 'till-1' })
  const tree = page.getByRole('navigation', { name: 'Customers and clients' })

  await world.open('/settings')
  await page.getByRole('switch', { name: 'Manage resellers' }).uncheck({ force: true })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  await tree.waitFor()
  // The switch itself is the one place that still names them.
  const screens = [
    ['/customers', 'List of Customers'],
    ['/customers/new', 'Add New Customer'],
    [`/customers/${bakery.id}/edit`, 'Edit Bakery'],
    [`/customers/${bakery.id}/delete`, 'Delete Bakery'],
    [`/customers/${bakery.id}/clients`, 'Clients of Bakery'],
    [`/clients/${till.id}`, 'till-1'],
    ['/waiting-room', 'Waiting room'],
    ['/licences?tab=history', 'License Management'],
    ['/api-keys', 'API keys'],
    ['/users', 'Users'],
    ['/users/new', 'Invite user'],
  ] as const
  for (const [address, heading] of screens) {
    await world.open(address)
    await page.getByRole('heading', { name: heading }).first().waitFor()
    await tree.getByRole('link', { name: 'Bakery' }).waitFor()
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    assert.equal(await page.getByText(/reseller/i).count(), 0, `${address} still speaks of resellers`)
    assert.equal(
      await page.locator('[aria-label*=eseller], [data-hint*=eseller], option:text("eseller")').count(),
      0,
      address,
    )
    assert.equal(await page.getByText('Northwind').count(), 0, address)
  }
  await nothingIn(page, () => page.getByRole('button', { name: 'Server Admin' }).click())
  await page.keyboard.press('Escape')
  await nothingIn(page, () => page.keyboard.press('Control+k'))
  await world.open('/resellers')
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await assert.rejects(world.api('POST', '/api/v1/resellers', { name: 'New' }), /reseller-management-off/)

  await world.open('/customers/new')
  await page.getByRole('textbox', { name: 'Name' }).fill('Clinic')
  await page.getByRole('button', { name: 'Add New Customer' }).click()
  await page.getByRole('heading', { name: 'Clients of Clinic' }).waitFor()

  await world.open('/settings')
  await page.getByRole('switch', { name: 'Manage resellers' }).check({ force: true })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  await world.open(`/customers/${bakery.id}/clients`)
  await page.getByRole('navigation', { name: 'Path' }).getByText('Northwind').waitFor()
  await world.open('/resellers')
  await page.getByRole('link', { name: 'Northwind' }).first().waitFor()
  assert.deepEqual(
    world.complaints.filter((line) => !line.includes('409')),
    [],
  )
})

async function nothingIn(page: Page, open: () => Promise<void>): Promise<void> {
  await open()
  await page.getByText('List of Customers').last().waitFor()
  assert.equal(await page.getByText(/reseller/i).count(), 0)
}

test('the List of Resellers is sorted by how many customers they have', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  for (const [name, customers] of [
    ['Contoso', ['A', 'B', 'C']],
    ['Northwind', ['D', 'E']],
  ] as const) {
    const { id } = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name })
    for (const customer of customers) await world.customer({ name: customer, reseller: id })
  }
  await world.open('/resellers')
  await page.getByRole('button', { name: 'Choose columns' }).click()
  await page.getByRole('checkbox', { name: 'Customers' }).check()
  await page.keyboard.press('Escape')
  const table = page.getByRole('table', { name: 'List of Resellers' })
  await table.getByRole('button', { name: 'Customers', exact: true }).click()
  await table.getByRole('row').nth(1).getByText('Default Reseller').waitFor()
  await table.getByRole('button', { name: 'Customers', exact: true }).click()
  await page.locator('th[aria-sort=descending]').getByText('Customers').waitFor()
  await table.getByRole('row').nth(1).getByText('Contoso').waitFor()
  await table.getByRole('row').nth(2).getByText('Northwind').waitFor()
  assert.deepEqual(world.complaints, [])
})
