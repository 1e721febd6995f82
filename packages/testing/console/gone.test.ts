import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('the page of what is gone says so, offers nothing to do with it, and leads on', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'till-1' })
  await world.api('DELETE', `/api/v1/clients/${client.id}`)
  const { page } = world
  const pages: readonly (readonly [address: string, says: string])[] = [
    [`/clients/${client.id}`, 'There is no such client'],
    [`/clients/${client.id}/edit`, 'There is no such client'],
    [`/clients/${client.id}/delete`, 'There is no such client'],
    ['/customers/cus_0/clients', 'There is no such customer'],
    ['/customers/cus_0/clients/new', 'There is no such customer'],
    ['/customers/cus_0/edit', 'There is no such customer'],
    ['/resellers/res_0/customers', 'There is no such reseller'],
    ['/users/usr_0/edit', 'There is no such user'],
  ]
  for (const [address, says] of pages) {
    await world.open(address)
    await page.getByRole('heading', { name: says, level: 1 }).waitFor()
    const main = page.getByRole('main')
    assert.deepEqual(await main.getByRole('button').allTextContents(), [], address)
    assert.equal(await page.title(), `${says} · Granary`)
  }
  await page.getByRole('link', { name: 'Go to the start page' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
})
