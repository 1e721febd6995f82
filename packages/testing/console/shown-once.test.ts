import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { codeAt } from '../../server/src/access/second-factor/totp.ts'
import { administrator, startConsoleWorld } from './console-world.ts'

/** Tries every way out of a dialog but its own button. */
async function staysOpen(page: Page, secret: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/shown this once/).waitFor()
  await page.keyboard.press('Escape')
  await page.mouse.click(4, 400)
  await dialog.getByRole('button', { name: 'Close' }).waitFor({ state: 'hidden' })
  await page.waitForTimeout(300)
  assert.equal(await dialog.getByText(secret, { exact: true }).count(), 1, 'it is still there to be copied')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

test('a dialog with a secret that is shown once closes by its own button alone', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const dialog = page.getByRole('dialog')
  const secret = async () => (await dialog.locator('code').first().textContent()) ?? ''
  const bakery = await world.customer({ name: 'Bakery', autoAuthorization: true })
  const till = await world.client(bakery, { clientId: 'till-1' })

  await world.open('/api-keys')
  await page.getByRole('button', { name: 'Create API key' }).click()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('billing')
  await dialog.getByRole('button', { name: 'Create API key' }).click()
  await staysOpen(page, await secret())

  await world.open(`/clients/${till.id}`)
  await page.getByRole('button', { name: 'Reset Credentials' }).click()
  // Nobody leaves before the answer: the old secret stops, and the new one would never be seen.
  const mayReach = Promise.withResolvers<void>()
  await page.route('**/api/v1/clients/*/reset-credentials', async (route) => {
    await mayReach.promise
    await route.continue()
  })
  await dialog.getByRole('button', { name: 'Reset Credentials' }).click()
  await dialog.getByRole('button', { name: 'Cancel', disabled: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.mouse.click(4, 400)
  mayReach.resolve()
  await staysOpen(page, await secret())

  await world.open(`/customers/${bakery.id}/clients`)
  await page.getByRole('button', { name: 'Start by pass key' }).click()
  await staysOpen(page, await secret())

  await world.open('/users/new')
  await page.getByLabel('Name').fill('Grace')
  await page.getByLabel('Email').fill('grace@granary.example')
  await page.getByRole('button', { name: 'Send invitation' }).click()
  await staysOpen(page, await secret())

  await world.open('/account')
  await page.getByRole('button', { name: 'Set up an authenticator' }).click()
  await dialog.getByLabel('Your password now').fill(administrator.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByRole('img', { name: 'QR code for the authenticator' }).waitFor()
  await dialog.getByRole('textbox', { name: 'Code' }).fill(codeAt(await secret(), Date.now()))
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await dialog.getByRole('list', { name: 'Recovery codes' }).waitFor()
  await staysOpen(page, await secret())
})

test('leaving the commands of a new client asks, for its secret is shown once', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  await world.open(`/customers/${bakery.id}/clients/new`)
  await page.getByRole('textbox', { name: 'Client ID' }).fill('till-1')
  await page.getByRole('button', { name: 'Add New Client' }).click()
  await page.getByRole('heading', { name: 'till-1 is ready' }).waitFor()
  await page.getByRole('link', { name: 'Bakery', exact: true }).first().click()
  const asks = page.getByRole('dialog', { name: 'Leave without the secret?' })
  await asks.getByRole('button', { name: 'Stay here' }).click()
  await page.getByText('The secret is shown this once', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('heading', { name: 'Clients of Bakery' }).waitFor()
})
