import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('the tree opens level by level, leads to the tables, and keeps its place', async () => {
  await using world = await startConsoleWorld()
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery Müller', reseller: reseller.id })
  await world.client(customer, { clientId: 'till-1' })
  const { page } = world
  await world.open('/customers')
  const tree = page.getByRole('navigation', { name: 'Resellers, customers and clients' })
  await tree.getByRole('button', { name: 'Expand Northwind' }).click()
  await tree.getByRole('button', { name: 'Expand Bakery Müller' }).click()
  await tree.getByRole('link', { name: 'till-1' }).click()
  await page.getByRole('heading', { name: 'till-1', exact: true }).waitFor()
  await tree.getByRole('link', { name: 'Northwind' }).click()
  await page.getByRole('heading', { name: 'Customers of Northwind' }).waitFor()
  await page.reload()
  await tree.getByRole('link', { name: 'till-1' }).waitFor()
  assert.equal(await tree.getByRole('link', { name: 'Northwind' }).getAttribute('aria-current'), 'page')

  // By keyboard: left closes, then goes up; right opens.
  await tree.getByRole('link', { name: 'Bakery Müller' }).focus()
  await page.keyboard.press('ArrowLeft')
  await tree.getByRole('link', { name: 'till-1' }).waitFor({ state: 'hidden' })
  await page.keyboard.press('ArrowRight')
  await tree.getByRole('link', { name: 'till-1' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'till-1', exact: true }).waitFor()
})

test('the tree finds customers by name and clients by ID, wherever they are', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery Müller' })
  await world.client(customer, { clientId: 'till-1' })
  await world.customer({ name: 'Clinic' })
  const { page } = world
  await world.open('/customers')
  const tree = page.getByRole('navigation', { name: 'Resellers, customers and clients' })
  await tree.getByRole('searchbox').fill('TILL')
  await tree.getByRole('link', { name: 'till-1' }).waitFor()
  await tree.getByRole('link', { name: 'Bakery Müller' }).waitFor()
  assert.equal(await tree.getByRole('link', { name: 'Clinic' }).count(), 0)
  await tree.getByRole('searchbox').fill('müller')
  await tree.getByRole('link', { name: 'Bakery Müller' }).click()
  await page.getByRole('heading', { name: 'Clients of Bakery Müller' }).waitFor()
})

test('the tree folds away, and is a drawer on a small screen', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers')
  const tree = page.getByRole('navigation', { name: 'Resellers, customers and clients' })
  await page.getByRole('button', { name: 'Fold the tree away' }).click()
  await tree.waitFor({ state: 'hidden' })
  await page.reload()
  await page.getByRole('table').waitFor()
  assert.equal(await tree.isVisible(), false)
  await page.setViewportSize({ width: 600, height: 800 })
  await page.getByRole('button', { name: 'Show the tree' }).click()
  await tree.getByRole('link', { name: 'Server' }).click()
  await page.getByRole('heading', { name: 'List of Resellers' }).waitFor()
  await tree.waitFor({ state: 'hidden' })
})
