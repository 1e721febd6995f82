import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('a list is printed whole, without what can only be clicked, and dark on white', async () => {
  await using world = await startConsoleWorld()
  const last = 'Customer 49'
  for (let i = 10; i < 50; i++) await world.customer({ name: `Customer ${i}` })
  const { page } = world
  await page.emulateMedia({ colorScheme: 'dark' })
  await world.open('/customers')
  const table = page.getByRole('table')
  await table.getByRole('link', { name: last, exact: true }).waitFor()
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 720, height: 1000 })
  await page.getByRole('banner').waitFor({ state: 'hidden' })
  await page
    .getByRole('navigation', { name: 'Resellers, customers and clients' })
    .waitFor({ state: 'hidden' })
  await table.getByRole('button', { name: `Actions of ${last}` }).waitFor({ state: 'hidden' })
  const ink = await page.getByRole('heading', { level: 1 }).evaluate((title) => getComputedStyle(title).color)
  assert.match(ink, /^rgb\((\d\d?, ){2}\d\d?\)$/, 'dark words')
  const { height } = (await table.boundingBox()) ?? { height: 0 }
  assert.ok(height > 40 * 30, `${height} pixels of rows`)
  const hidden = await table.evaluate((element) => {
    let cut = 0
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflowY !== 'visible') cut += box.scrollHeight - box.clientHeight
    }
    return cut
  })
  assert.equal(hidden, 0)
  assert.ok((await page.getByRole('columnheader', { name: 'Used Space' }).boundingBox()) !== null)
})
