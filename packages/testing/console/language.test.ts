import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('the console speaks German once it is chosen, keeps to it, and goes back', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bäckerei', space: { allottedBytes: 2e12 } })
  await world.client(customer, { clientId: 'kasse-1' })
  const { page } = world
  await world.open('/customers')
  await page.getByRole('table').getByRole('link', { name: 'Bäckerei', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Liste der Kunden' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'de')
  await page.getByText('2 Kunden', { exact: true }).waitFor()
  for (const [address, heading] of [
    [`/customers/${customer.id}/clients`, 'Clients von Bäckerei'],
    [`/customers/${customer.id}/edit`, 'Bäckerei bearbeiten'],
    ['/licences', 'Lizenzverwaltung'],
    ['/waiting-room', 'Warteraum'],
    ['/space', 'Speicher- und Clientverwaltung'],
    ['/settings', 'Einstellungen'],
  ] as const) {
    await world.open(address)
    await page.getByRole('heading', { name: heading }).first().waitFor()
  }
  await page.goto(`/customers/${customer.id}/clients`)
  const switched = page.getByRole('switch', { name: 'kasse-1 ist aktiv' })
  await switched.click()
  await page.getByText('kasse-1 ist deaktiviert. Backups werden abgewiesen').waitFor()
  await page.getByRole('button', { name: 'Konto von Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Clients of Bäckerei' }).waitFor()
  assert.deepEqual(world.complaints, [])
})

test('a German browser is spoken to in German from the first page on', async () => {
  await using world = await startConsoleWorld({ signedOut: true })
  const context = await world.browser.newContext({ baseURL: world.url, locale: 'de-AT' })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Anmelden' }).waitFor()
  await context.close()
})
