import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { administrator, startConsoleWorld } from './console-world.ts'

/** Tries to leave a dialog by Escape, by a click beside it and by its button: what was typed stays until it is said to be discarded. */
async function asksBeforeClosing(page: Page, dialog: Locator, field: Locator): Promise<void> {
  const typed = await field.inputValue()
  const asks = page.getByRole('dialog', { name: 'Discard what you entered?' })
  await page.mouse.click(4, 400)
  assert.equal(await asks.count(), 0, 'a click beside it does nothing')
  await dialog.getByRole('button', { name: 'Cancel' }).press('Escape')
  await asks.waitFor()
  await page.keyboard.press('Escape')
  await asks.waitFor({ state: 'hidden' })
  assert.ok(await dialog.isVisible(), 'Escape answers the question alone')
  assert.equal(await field.inputValue(), typed)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await asks.getByRole('button', { name: 'Keep editing' }).click()
  await asks.waitFor({ state: 'hidden' })
  assert.equal(await field.inputValue(), typed)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await asks.getByRole('button', { name: 'Discard' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

test('a dialog with what was typed asks before it is lost, and closes at once where nothing was', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  await world.customer({ name: 'Clinic' })
  const till = await world.client(bakery, { clientId: 'till-1' })

  await world.open('/licences')
  const add = page.getByRole('button', { name: 'Add MCALs' })
  const mcals = page.getByRole('dialog', { name: 'Add MCALs' })
  await add.click()
  await mcals.waitFor()
  await page.keyboard.press('Escape')
  await mcals.waitFor({ state: 'hidden' })
  await add.click()
  await mcals.waitFor()
  await page.mouse.click(4, 400)
  await mcals.waitFor({ state: 'hidden' })
  await add.click()
  const note = mcals.getByRole('textbox', { name: 'Note' })
  await note.fill('order 17')
  await asksBeforeClosing(page, mcals, note)
  await add.click()
  assert.equal(await note.inputValue(), '', 'what was discarded is gone')

  await world.open('/licences?tab=plugins')
  await page.getByRole('button', { name: 'Add plug-in' }).first().click()
  const plugin = page.getByRole('dialog', { name: 'Add plug-in' })
  await plugin.getByRole('textbox', { name: 'Name' }).fill('Mail server')
  await asksBeforeClosing(page, plugin, plugin.getByRole('textbox', { name: 'Name' }))

  await world.open('/api-keys')
  await page.getByRole('button', { name: 'Create API key' }).click()
  const key = page.getByRole('dialog', { name: 'Create API key' })
  await key.getByRole('textbox', { name: 'Name' }).fill('billing')
  await asksBeforeClosing(page, key, key.getByRole('textbox', { name: 'Name' }))

  await world.open(`/clients/${till.id}`)
  await page.getByRole('button', { name: 'Move to Another Customer' }).click()
  const move = page.getByRole('dialog', { name: 'Move till-1 to another customer' })
  const to = move.getByRole('combobox', { name: 'Customer it moves to' })
  await to.fill('Clinic')
  await page.getByRole('option', { name: 'Clinic' }).click()
  await asksBeforeClosing(page, move, to)

  await world.open('/account')
  await page.getByRole('button', { name: 'Set up an authenticator' }).click()
  const confirm = page.getByRole('dialog', { name: 'Set up an authenticator' })
  await confirm.getByLabel('Your password now').fill(administrator.password)
  await asksBeforeClosing(page, confirm, confirm.getByLabel('Your password now'))
})

test('a dialog asks before the browser’s way back loses what was typed, and stays until the server has answered', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers')
  await page.getByRole('button', { name: 'Server Admin' }).click()
  await page.getByRole('menuitem', { name: 'API keys' }).click()
  const create = page.getByRole('button', { name: 'Create API key' })
  const dialog = page.getByRole('dialog', { name: 'Create API key' })
  const asks = page.getByRole('dialog', { name: 'Discard what you entered?' })
  const name = dialog.getByRole('textbox', { name: 'Name' })
  await create.click()
  await name.fill('billing')
  await page.goBack()
  await asks.getByRole('button', { name: 'Keep editing' }).click()
  await asks.waitFor({ state: 'hidden' })
  assert.equal(await name.inputValue(), 'billing')

  const mayReach = Promise.withResolvers<void>()
  await page.route('**/api/v1/api-keys', async (route) => {
    await mayReach.promise
    await route.continue()
  })
  await dialog.getByRole('button', { name: 'Create API key' }).click()
  await dialog.getByRole('button', { name: 'Cancel', disabled: true }).waitFor()
  await page.keyboard.press('Escape')
  assert.equal(await asks.count(), 0)
  mayReach.resolve()
  // Nor does anything lead away from a key that is shown once but its own button.
  await page.getByText(/shown this once/).waitFor()
  await page.goBack()
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: 'billing' }).waitFor()

  await create.click()
  await name.fill('invoices')
  await page.goBack()
  await asks.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
})

test('Escape in a dialog over a form leaves the form alone', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  await world.open(`/customers/${bakery.id}/edit`)
  await page.getByRole('button', { name: 'Rotate' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await page.waitForTimeout(300)
  assert.match(page.url(), /\/edit$/)
})
