import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResellerDetails } from '@granary/contract'
import { startConsoleWorld } from './console-world.ts'

const password = 'words of Otto alone'

test('who may only read is told so on the pages to add, edit and delete, before anything is filled in', async () => {
  await using world = await startConsoleWorld()
  const reseller = await world.api<ResellerDetails>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const client = await world.client(customer, { clientId: 'till-1' })
  const { link } = await world.api<{ link: string }>('POST', '/api/v1/users', {
    ...{ name: 'Otto', email: 'otto@granary.example', role: 'server-read-only', place: null },
  })
  const page = await world.stranger()
  await page.goto(link)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password again').fill(password)
  await page.getByRole('button', { name: 'Choose and sign in' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
  for (const address of [
    `/clients/${client.id}/edit`,
    `/clients/${client.id}/delete`,
    `/customers/${customer.id}/clients/new`,
    `/customers/${customer.id}/edit`,
    `/customers/${customer.id}/delete`,
    '/customers/new',
    `/resellers/${reseller.id}/edit`,
    `/resellers/${reseller.id}/branding`,
    '/resellers/new',
    '/users/new',
  ]) {
    await page.goto(address)
    await page.getByRole('heading', { name: 'Not for you to change', level: 1 }).waitFor()
    const main = page.getByRole('main')
    await main.getByText('Your role does not permit this.').waitFor()
    assert.equal(await main.getByRole('textbox').count(), 0, address)
    assert.equal(await main.getByRole('button').count(), 0, address)
  }
  await page.getByRole('link', { name: 'Go to the start page' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
})
