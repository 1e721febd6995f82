import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomerDetails } from '@granary/contract'
import { startConsoleWorld } from './console-world.ts'

test('deactivating a customer shows at once, reaches the server, and can be undone', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery Müller' })
  const read = () => world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  const { page } = world
  await world.open('/customers')
  const active = page.getByRole('switch', { name: 'Bakery Müller is active' })
  const mayReach = Promise.withResolvers<void>()
  await page.route('**/deactivate', async (route) => {
    await mayReach.promise
    await route.continue()
  })
  await active.click()
  await page.getByRole('switch', { name: 'Bakery Müller is active', checked: false }).waitFor()
  assert.equal((await read()).state, 'active', 'the server has not been asked yet')
  mayReach.resolve()
  await page.getByText('Bakery Müller is deactivated.').waitFor()
  assert.equal((await read()).state, 'deactivated')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Bakery Müller is active again.').waitFor()
  assert.equal((await read()).state, 'active')
  assert.equal(await active.getAttribute('aria-checked'), 'true')
})

test('auto authorization is switched on and off', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery Müller' })
  const read = () => world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  const { page } = world
  await world.open('/customers')
  const toggle = page.getByRole('switch', { name: 'Auto authorization of Bakery Müller' })
  await toggle.click()
  await page.getByText('Bakery Müller lets unknown clients in by its pass key.').waitFor()
  assert.equal((await read()).autoAuthorization, true)
  await toggle.click()
  await page.getByText('Bakery Müller no longer lets unknown clients in.').waitFor()
  assert.equal((await read()).autoAuthorization, false)
})

test('a switch goes back and says why when the server refuses', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery Müller' })
  const { page } = world
  await world.open('/customers')
  const active = page.getByRole('switch', { name: 'Bakery Müller is active' })
  await active.waitFor()
  // Gone meanwhile, without this page being told.
  await page.route('**/api/v1/customers?**', (route) => route.abort())
  await world.api('DELETE', `/api/v1/customers/${id}`)
  await active.click()
  await page.getByRole('alert').getByText('There is no such customer').waitFor()
  await page.getByRole('alert').getByText('It may have been deleted.').waitFor()
})

test('what can not be done with the default is disabled and says why', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers')
  const active = page.getByRole('switch', { name: 'Default Customer is active' })
  await active.hover()
  await page
    .getByText('The default always exists: it can be neither deactivated nor deleted.')
    .first()
    .waitFor()
  await active.click({ force: true })
  assert.equal(await active.getAttribute('aria-checked'), 'true')
  const remove = page.getByRole('button', { name: 'Proceed to Delete Customer: Default Customer' })
  assert.equal(await remove.getAttribute('aria-disabled'), 'true')
})
