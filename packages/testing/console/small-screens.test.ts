import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { startConsoleWorld } from './console-world.ts'

/** @returns what can be pressed or filled in around the list, and lies under something else or sticks out at a side */
const outOfReach = (page: Page) =>
  page.evaluate(() => {
    const controls = document.querySelectorAll('header :is(a, button), main :is(a, button, input, select)')
    return [...controls]
      .filter((control) => !control.closest('table, ol') && control.getClientRects().length > 0)
      .filter((control) => {
        const box = control.getBoundingClientRect()
        if (box.bottom > window.innerHeight) return false
        const shown = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        // A checkbox has its mark drawn over it.
        const isOnTop = shown !== null && (control.contains(shown) || control.parentElement?.contains(shown))
        return !isOnTop || box.left < 0 || box.right > window.innerWidth
      })
      .map((control) => control.getAttribute('aria-label') ?? control.textContent)
  })

test('what stands around a list stays in reach, however small the screen', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'till-1' })
  // A list shorter than the window takes no room from what stands above it.
  for (let i = 10; i < 40; i++) await world.customer({ name: `Customer ${i}` })
  const { page } = world
  for (const width of [1024, 768, 390]) {
    await page.setViewportSize({ width, height: 800 })
    for (const address of ['/customers', '/resellers', '/deleted', '/licences', `/clients/${client.id}`]) {
      await world.open(address)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      assert.deepEqual(await outOfReach(page), [], `${address} at ${width} pixels`)
    }
  }
})

test('a phone shows settings without scrolling sideways, and the way to them is in the menu', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await page.setViewportSize({ width: 390, height: 800 })
  await world.open('/customers')
  await page.getByRole('button', { name: 'Search' }).waitFor()
  await page.getByRole('link', { name: 'Granary' }).waitFor()
  await page.getByRole('button', { name: 'Server Admin' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page.getByRole('region', { name: 'Storage locations' }).waitFor()
  const tooWide = await page.getByRole('main').evaluate((main) => main.scrollWidth - main.clientWidth)
  assert.equal(tooWide, 0)
})

test('long names make way for the figures, and what can be done with a row stays in sight', async () => {
  await using world = await startConsoleWorld()
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'R'.repeat(120) })
  const name = 'A'.repeat(120)
  const customer = await world.customer({ name, reseller: reseller.id })
  await world.client(customer, { clientId: 'c'.repeat(63) })
  const { page } = world
  const inSight = async (address: string, shown: Locator) => {
    await world.open(address)
    await shown.waitFor()
    const { x, width } = (await shown.boundingBox()) ?? { x: Number.NaN, width: 0 }
    const end = page.viewportSize()?.width ?? 0
    assert.ok(x >= 0 && x + width <= end, `${address}: ${x} to ${x + width} of ${end}`)
  }
  for (const width of [1440, 1280, 1024]) {
    await page.setViewportSize({ width, height: 800 })
    await inSight('/customers', page.getByRole('button', { name: `Actions of ${name}` }))
  }
  const head = page.getByRole('columnheader', { name: 'Total MCALs used till date' })
  await page.setViewportSize({ width: 1440, height: 800 })
  assert.ok(((await head.boundingBox())?.height ?? 99) < 60, 'two lines are enough')
  await page.setViewportSize({ width: 390, height: 800 })
  await inSight('/customers', page.getByRole('columnheader', { name: 'MCALs Allotted' }))
  await inSight('/space', page.getByRole('columnheader', { name: 'Allotted Space' }))
  await inSight(`/customers/${customer.id}/clients`, page.getByRole('columnheader', { name: 'Kind' }))
})

test('figures fade under the actions of their row, with reduced motion too', async () => {
  await using world = await startConsoleWorld()
  await world.customer({ name: 'Bakery' })
  const { page } = world
  await page.setViewportSize({ width: 800, height: 800 })
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    await page.emulateMedia({ reducedMotion })
    await world.open('/customers')
    const actions = page.getByRole('button', { name: 'Actions of Bakery' })
    await actions.waitFor()
    const fade = () =>
      actions.evaluate((button) =>
        Number(getComputedStyle(button.closest('td') as Element, '::before').opacity),
      )
    assert.ok((await fade()) > 0.9, `${reducedMotion}: there is more to scroll to`)
    await actions.evaluate((button) => button.closest('table')?.parentElement?.scrollTo({ left: 9999 }))
    await page.waitForTimeout(300)
    assert.ok((await fade()) < 0.1, `${reducedMotion}: that is all`)
  }
})
