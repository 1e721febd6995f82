import assert from 'node:assert/strict'
import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { CustomerDetails, List, ServerSettings } from '@granary/contract'
import { temporaryFolder } from '../src/sample-tree.ts'
import { startConsoleWorld } from './console-world.ts'

test('storage locations are chosen in settings and forms, with their free space, and shown where vaults lie', async () => {
  await using disks = await temporaryFolder('disks')
  const archive = path.join(disks.path, 'archive')
  await mkdir(archive)
  await using world = await startConsoleWorld({ storage: `archive=${archive}` })
  const { page } = world
  const choice = page.getByRole('combobox', { name: 'Storage location' })
  const row = (name: string) => page.getByRole('row', { name })

  await world.open('/settings')
  await row(archive).waitFor()
  await row('default').getByText('New vaults').waitFor()
  assert.match((await choice.locator('option').allTextContents()).join(' | '), /archive – [\d.]+ [TGM]B free/)
  await choice.selectOption('archive')
  await page.getByRole('button', { name: 'Save' }).click()
  await row(archive).getByText('New vaults').waitFor()
  assert.equal((await world.api<ServerSettings>('GET', '/api/v1/settings')).storageLocation, 'archive')

  await world.open('/customers/new')
  await page.getByRole('textbox', { name: 'Name' }).fill('Bakery')
  await choice.selectOption('default')
  await page.getByRole('button', { name: 'Add New Customer' }).click()
  await page.getByRole('heading', { name: 'Clients of Bakery' }).waitFor()
  const { items } = await world.api<List<CustomerDetails>>('GET', '/api/v1/customers?search=Bakery')
  const id = items[0]?.id ?? ''
  const read = () => world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  assert.equal((await read()).storageLocation, 'default')
  await world.open(`/customers/${id}/edit`)
  await choice.selectOption({ label: 'As the level above says (archive)' })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Bakery is saved.').waitFor()
  assert.equal((await read()).storageLocation, null)
  const client = await world.client({ id }, { clientId: 'till-1' })
  assert.equal(client.storageLocation, 'archive')
  await world.open(`/clients/${client.id}`)
  await page.locator('dl').getByText('archive').waitFor()

  await rename(archive, `${archive}-unmounted`)
  await world.open('/settings')
  await row(archive).getByText('Disk not mounted').waitFor()
  const option = choice.locator('option', { hasText: 'archive – its disk is not mounted' })
  await option.waitFor({ state: 'attached' })
  assert.deepEqual(world.complaints, [])
})

test('where there is one location only, nobody is asked for it', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery' })
  await world.open('/settings')
  await world.page.getByRole('row', { name: 'default' }).waitFor()
  for (const address of ['/settings', `/customers/${customer.id}/edit`, '/resellers/new']) {
    await world.open(address)
    await world.page.getByRole('button', { name: 'Cancel' }).waitFor()
    await world.page.waitForLoadState('networkidle')
    assert.equal(await world.page.getByRole('combobox', { name: 'Storage location' }).count(), 0, address)
  }
})
