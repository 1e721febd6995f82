import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, Plugin } from '@granary/contract'
import { sampleObject } from '../src/sample-object.ts'
import { startConsoleWorld } from './console-world.ts'

test('a plug-in is added with its MCALs, given to a client, drawn for, made dearer, and kept while in use', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const customer = await world.customer({ name: 'Bakery' })
  await world.open('/licences')
  await page.getByRole('link', { name: 'Application plug-ins' }).click()
  await page.getByRole('heading', { name: 'No plug-ins yet' }).waitFor()
  await page.getByRole('button', { name: 'Add plug-in' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Key').fill('server')
  await dialog.getByRole('button', { name: 'Add plug-in' }).click()
  await dialog.getByText('A name is needed.').waitFor()
  await dialog.getByText('A kind of client has this name.').waitFor()
  await dialog.getByLabel('Name').fill('Microsoft SQL Server')
  await dialog.getByLabel('Key').fill('mssql')
  await dialog.getByLabel('MCALs a month').fill('3')
  await dialog.getByRole('button', { name: 'Add plug-in' }).click()
  await page.getByText('Microsoft SQL Server is saved.').waitFor()
  await page.getByRole('button', { name: 'Add plug-in' }).click()
  await dialog.getByLabel('Name').fill('Another')
  await dialog.getByLabel('Key').fill('mssql')
  await dialog.getByRole('button', { name: 'Add plug-in' }).click()
  await dialog.getByText('This key is taken.').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await world.open(`/customers/${customer.id}/clients/new`)
  await page.getByRole('textbox', { name: 'Client ID' }).fill('db-1')
  await page.getByRole('radio', { name: 'Server: draws 2 MCALs a month' }).check()
  await page.getByRole('checkbox', { name: 'Microsoft SQL Server: draws 3 MCALs a month more' }).check()
  await page.getByText('Altogether it draws 5 MCALs a month.').waitFor()
  await page.getByRole('button', { name: 'Add New Client' }).click()
  await page.getByRole('heading', { name: 'db-1 is ready' }).waitFor()
  const list = `/api/v1/customers/${customer.id}/clients`
  const [client] = (await world.api<{ items: Client[] }>('GET', list)).items
  assert.ok(client)
  assert.deepEqual(client.plugins, ['mssql'])
  const { secret } = await world.api<{ secret: string }>(
    'POST',
    `/api/v1/clients/${client.id}/reset-credentials`,
  )
  const { place, content } = sampleObject(100, 'first')
  const stored = await world.vault({ ...client, secret }, place, { method: 'POST', body: content })
  assert.equal(stored.status, 200)

  await world.open('/licences')
  const statement = page.getByRole('table', { name: 'Monthly statement' })
  await statement.getByText('Microsoft SQL Server 3, Server 2').waitFor()
  await page.getByRole('link', { name: 'Utilization history' }).click()
  await page
    .getByRole('table', { name: 'Utilization history' })
    .getByText('Server 2, Microsoft SQL Server 3')
    .waitFor()

  await page.getByRole('link', { name: 'Application plug-ins' }).click()
  const table = page.getByRole('table', { name: 'Application plug-ins' })
  const remove = table.getByRole('button', { name: 'Remove plug-in: Microsoft SQL Server' })
  assert.equal(await remove.getAttribute('aria-description'), '1 client has it.')
  await table.getByRole('button', { name: 'Edit plug-in: Microsoft SQL Server' }).click()
  await dialog.getByText('Holds from each client’s next draw on').waitFor()
  await dialog.getByLabel('MCALs a month').fill('4')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await table.getByRole('cell', { name: '4', exact: true }).waitFor()

  await world.api('POST', '/api/v1/plugins', { key: 'exchange', name: 'Exchange', monthlyUnits: 1 })
  await table.getByRole('button', { name: 'Retire plug-in: Microsoft SQL Server' }).click()
  await page.getByText('Microsoft SQL Server is retired: no client gets it any more').waitFor()
  await table.getByRole('cell', { name: 'Retired', exact: true }).waitFor()
  await world.open(`/customers/${customer.id}/clients/new`)
  await page.getByRole('checkbox', { name: 'Exchange: draws 1 MCAL a month more' }).waitFor()
  assert.equal(await page.getByRole('checkbox', { name: 'Microsoft SQL Server' }).count(), 0)
  await world.open(`/clients/${client.id}/edit`)
  await page.getByText('Retired: once taken from it, it can’t be given back.').waitFor()
  await world.open('/licences?tab=plugins')
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  const german = page.getByRole('table', { name: 'Anwendungs-Plug-ins' })
  await german.getByRole('cell', { name: 'Zurückgezogen', exact: true }).waitFor()
  await world.api('DELETE', '/api/v1/plugins/exchange')
  await german.getByRole('button', { name: 'Wieder anbieten: Microsoft SQL Server' }).click()
  await german.getByRole('cell', { name: 'Angeboten', exact: true }).waitFor()
  await page.getByText('Microsoft SQL Server wird wieder angeboten.').waitFor()
  await page.getByRole('button', { name: 'Konto von Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'English' }).click()
  await table.getByRole('cell', { name: 'Offered', exact: true }).waitFor()

  await world.open(`/clients/${client.id}/edit`)
  await page.getByRole('checkbox', { name: 'Microsoft SQL Server' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('db-1 is saved.').waitFor()
  const after = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
  assert.deepEqual([after.plugins, after.mcals.used], [[], 5], 'nothing comes back, nothing more is drawn')
  await world.open('/licences?tab=plugins')
  await remove.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove plug-in' }).click()
  await page.getByText('Microsoft SQL Server is removed.').waitFor()
  assert.deepEqual((await world.api<{ items: Plugin[] }>('GET', '/api/v1/plugins')).items, [])
  assert.deepEqual(
    world.complaints.filter((line) => !line.includes('409')),
    [],
  )
})
