import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomerDetails } from '@granary/contract'
import type { Page } from 'playwright-core'
import { startConsoleWorld } from './console-world.ts'

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.querySelector('td:nth-child(2)')?.textContent ?? null)

test('the List of Customers is worked with the keyboard alone', async () => {
  await using world = await startConsoleWorld()
  const bakery = await world.customer({ name: 'Bakery' })
  const clinic = await world.customer({ name: 'Clinic' })
  const garage = await world.customer({ name: 'Garage' })
  const read = ({ id }: { id: string }) => world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  const { page } = world
  const { keyboard } = page
  await world.open('/customers')
  await page.getByRole('link', { name: 'Bakery', exact: true }).waitFor()

  // j and k move, and stop at the ends.
  await keyboard.press('j')
  assert.equal(await focused(page), 'Bakery')
  await keyboard.press('k')
  assert.equal(await focused(page), 'Bakery')
  await keyboard.press('j')
  assert.equal(await focused(page), 'Clinic')

  // . opens the menu of the row; arrows and Enter choose; the focus comes back to the row.
  await keyboard.press('.')
  const menu = page.getByRole('menu', { name: 'Actions of Clinic' })
  await menu.waitFor()
  await keyboard.press('Escape')
  await menu.waitFor({ state: 'hidden' })
  assert.equal(await focused(page), 'Clinic')
  await keyboard.press('.')
  await menu.waitFor()
  await page.getByRole('menuitem', { name: 'Deactivate' }).focus()
  await keyboard.press('Enter')
  await page.getByText('Clinic is deactivated.').waitFor()
  assert.equal((await read(clinic)).state, 'deactivated')

  // Tab goes on to what is in the row.
  await keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('Default Customer'))
  await keyboard.press('k')
  for (let i = 0; i < 3; i++) await keyboard.press('Tab')
  const toggle = page.getByRole('switch', { name: 'Auto authorization of Clinic' })
  assert.equal(await toggle.evaluate((element) => element === document.activeElement), true)
  await keyboard.press('Space')
  await page.getByText('Clinic lets unknown clients in').waitFor()
  assert.equal((await read(clinic)).autoAuthorization, true)

  // x selects.
  await keyboard.press('x')
  await page.getByRole('toolbar', { name: '1 selected' }).waitFor()
  await keyboard.press('x')

  // / filters; Escape clears and leaves.
  await keyboard.press('/')
  await keyboard.type('gar')
  await page.getByText('1 customer', { exact: true }).waitFor()
  await keyboard.press('Escape')
  await page.getByText('4 customers').waitFor()
  await keyboard.press('Escape')

  // Enter opens.
  await keyboard.press('k')
  await keyboard.press('k')
  await keyboard.press('k')
  assert.equal(await focused(page), 'Bakery')
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Clients of Bakery' }).waitFor()
  assert.equal(new URL(page.url()).pathname, `/customers/${bakery.id}/clients`)

  // Ctrl+K finds anything.
  await keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await keyboard.type('garage')
  await page.getByRole('dialog').getByText('Garage').waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Clients of Garage' }).waitFor()
  assert.equal(new URL(page.url()).pathname, `/customers/${garage.id}/clients`)

  // ? tells all this.
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await keyboard.press('Shift+?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  assert.deepEqual(world.complaints, [])
})
