import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, CustomerDetails, ResellerDetails } from '@granary/contract'
import { startConsoleWorld } from './console-world.ts'

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
