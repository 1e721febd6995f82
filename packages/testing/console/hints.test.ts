import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('a hint stands whole in the window, and is as wide as its words at the edge, too', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers')
  const remove = page.getByRole('button', { name: 'Proceed to Delete Customer: Default Customer' })
  const why = await remove.getAttribute('aria-description')
  assert.ok(why)
  await remove.hover()
  const hint = page.getByText(why)
  await hint.waitFor()
  const box = await hint.boundingBox()
  assert.ok(box && box.x >= 0 && box.x + box.width <= 1280, `from ${box?.x}, ${box?.width} wide`)
  assert.ok(box.height < 60, `${box.height} pixels high`)
})

test('a name that is cut is said whole, and one that is not says nothing twice', async () => {
  await using world = await startConsoleWorld()
  const long = `Clinic ${'of the Brothers of Mercy '.repeat(4)}`.trim()
  await world.customer({ name: long })
  await world.customer({ name: 'Bakery' })
  const { page } = world
  await world.open('/customers')
  const table = page.getByRole('table')
  const words = page.locator('div[aria-hidden]', { hasText: long })
  await table.getByRole('link', { name: long, exact: true }).hover()
  await words.waitFor()
  await table.getByRole('link', { name: 'Bakery', exact: true }).hover()
  await words.waitFor({ state: 'detached' })
  assert.equal(await page.locator('div[aria-hidden]', { hasText: 'Bakery' }).count(), 0)
})
