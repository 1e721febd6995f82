import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, CustomerDetails, List } from '@granary/contract'
import { ApiProblemError, sampleObject } from '@granary/testing'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'

/** A customer with one client that holds one object. */
async function bakeryWithData(world: ConsoleWorld) {
  const customer = await world.customer({ name: 'Bakery Müller' })
  const client = await world.client(customer, { clientId: 'till-1' })
  await world.vault(client, '?create=true', { method: 'POST' })
  const { place, content } = sampleObject(2_000_000, 'pack')
  const stored = await world.vault(client, place, { method: 'POST', body: content })
  assert.equal(stored.status, 200)
  return { customer, client }
}

test('deleting only the customer moves its clients and their data to Default Customer', async () => {
  await using world = await startConsoleWorld()
  const { customer, client } = await bakeryWithData(world)
  const { page } = world
  await world.open('/customers')
  await page.getByRole('link', { name: 'Proceed to Delete Customer: Bakery Müller' }).click()
  await page.getByText('2.00 MB').first().waitFor()
  const confirm = page.getByRole('button', { name: 'Delete Customer' })
  await page.getByRole('textbox', { name: 'Type “Bakery Müller” to confirm' }).fill('Bakery')
  assert.equal(await confirm.isDisabled(), true)
  await page.getByRole('textbox', { name: 'Type “Bakery Müller” to confirm' }).fill('Bakery Müller')
  await page.getByRole('radio', { name: 'Delete only the customer' }).check()
  await confirm.click()
  await page.getByText('Bakery Müller is deleted.').waitFor()
  const moved = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
  assert.equal(moved.customer.name, 'Default Customer')
  assert.equal(moved.space.usedBytes, 2_000_000)
  await gone(world, `/api/v1/customers/${customer.id}`)
})

test('deleting everything under a customer takes its clients along', async () => {
  await using world = await startConsoleWorld()
  const { customer, client } = await bakeryWithData(world)
  const { page } = world
  await world.open(`/customers/${customer.id}/delete`)
  await page.getByRole('radio', { name: 'Delete everything under it' }).check()
  await page.getByRole('textbox', { name: /to confirm/ }).fill('Bakery Müller')
  await page.getByRole('button', { name: 'Delete Customer' }).click()
  await page.getByText('Bakery Müller is deleted.').waitFor()
  await gone(world, `/api/v1/customers/${customer.id}`)
  await gone(world, `/api/v1/clients/${client.id}`)
})

test('a client and a reseller are deleted from their own pages', async () => {
  await using world = await startConsoleWorld()
  const { customer, client } = await bakeryWithData(world)
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const { page } = world
  await world.open(`/clients/${client.id}`)
  await page.getByRole('link', { name: 'Proceed to Delete Client' }).click()
  await page.getByRole('textbox', { name: /to confirm/ }).fill('till-1')
  await page.getByRole('button', { name: 'Delete Client' }).click()
  await page.getByRole('heading', { name: 'Clients of Bakery Müller' }).waitFor()
  await gone(world, `/api/v1/clients/${client.id}`)

  const { id } = await world.customer({ name: 'Clinic', reseller: reseller.id })
  await world.open(`/resellers/${reseller.id}/delete`)
  await page.getByRole('textbox', { name: /to confirm/ }).fill('Northwind')
  await page.getByRole('button', { name: 'Delete Reseller' }).click()
  await page.getByText('Northwind is deleted.').waitFor()
  const moved = await world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  assert.equal(moved.reseller.name, 'Default Reseller')
  const { items } = await world.api<List<Client>>('GET', `/api/v1/customers/${customer.id}/clients`)
  assert.deepEqual(items, [])
})

async function gone(world: ConsoleWorld, address: string): Promise<void> {
  await assert.rejects(
    world.api('GET', address),
    (error) => error instanceof ApiProblemError && error.status === 404,
  )
}

test('the page to delete something says how long it can be brought back, and where', async () => {
  await using world = await startConsoleWorld()
  const { customer, client } = await bakeryWithData(world)
  await world.api('PATCH', '/api/v1/protection', { undeleteDays: 45 })
  const { page } = world
  const kept = (days: string) =>
    page.getByText(`What goes stays in the trash for ${days} and can be undeleted`)
  await world.open(`/clients/${client.id}/delete`)
  await kept('45 days').waitFor()
  await world.api('PATCH', `/api/v1/customers/${customer.id}/protection`, { undeleteDays: 1 })
  await world.open(`/customers/${customer.id}/delete`)
  await page.getByRole('radio', { name: 'Delete everything under it' }).check()
  await kept('1 day').waitFor()
  await page.getByRole('radio', { name: 'Delete only the customer' }).check()
  await kept('1 day').waitFor({ state: 'hidden' })
  await world.open(`/clients/${client.id}/delete`)
  await kept('1 day').waitFor()
  await page.getByRole('link', { name: 'Deleted Client/Backup Report' }).click()
  await page.getByRole('heading', { name: 'Deleted Client/Backup Report', level: 1 }).waitFor()
})
