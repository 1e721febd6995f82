import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('a list that cannot be read again stays as it was read, with the secret that is shown once over it', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery' })
  await world.client(customer, { clientId: 'till-1' })
  const { page } = world
  await world.open(`/customers/${customer.id}/clients`)
  await page.getByRole('button', { name: 'Reset Credentials: till-1' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Reset Credentials' }).waitFor()
  let refused = 0
  // Of the list; the tree reads more at once.
  await page.route('**/api/v1/customers/*/clients?limit=50*', (route) => {
    refused++
    return route.fulfill({ status: 429, body: 'A proxy has enough.' })
  })
  await dialog.getByRole('button', { name: 'Reset Credentials' }).click()
  await dialog.getByRole('button', { name: 'Done' }).waitFor()
  const secret = await dialog
    .getByText(/restic -r|rest:http/)
    .first()
    .textContent()
  while (refused === 0) await page.waitForTimeout(100)
  await page.waitForTimeout(500)
  assert.equal(
    await dialog
      .getByText(/restic -r|rest:http/)
      .first()
      .textContent(),
    secret,
  )
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('link', { name: 'till-1', exact: true }).first().waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)

  // What was never read says why.
  await world.open(`/customers/${customer.id}/clients`)
  await page
    .getByRole('alert')
    .getByText(/^The answer was 429/)
    .waitFor()
  await page.unroute('**/api/v1/customers/*/clients?limit=50*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('row', { name: 'Select till-1' }).waitFor()
})
