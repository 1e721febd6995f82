import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('the search says that it is searching until every answer is there', async () => {
  await using world = await startConsoleWorld()
  await world.customer({ name: 'Bakery' })
  const { page } = world
  await world.open('/customers')
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
  const held = Promise.withResolvers<void>()
  await page.route(/\/api\/v1\/.*search=/, async (route) => {
    await held.promise
    await route.continue()
  })
  await page.keyboard.press('Control+k')
  const field = page.getByRole('textbox', { name: /^Find a/ })
  await field.fill('xyzzy')
  await page.getByText('Searching …').waitFor()
  await page.waitForTimeout(400)
  assert.equal(await page.getByText('Nothing found.').count(), 0)
  held.resolve()
  await page.getByText('Nothing found.').waitFor()
  assert.equal(await page.getByText('Searching …').count(), 0)
})

test('the search finds every page of Settings', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers')
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
  const field = page.getByRole('textbox', { name: /^Find a/ })
  for (const [words, entry, heading] of [
    ['branding', 'Settings: Branding', 'Branding'],
    ['sign', 'Settings: Sign-in', /Sign/],
    ['alerts', 'Settings: Alerts', /Alerts/],
    ['logs', 'Settings: Logs', /ogs/],
    ['mail', 'Settings: Mail', /Mail/],
  ] as const) {
    await page.keyboard.press('Control+k')
    await field.fill(words)
    await page.getByRole('button', { name: entry }).click()
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    assert.match(page.url(), /\/settings\//)
  }
})
