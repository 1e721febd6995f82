import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Client } from '@granary/contract'
import { sampleObject } from '../src/sample-object.ts'
import { startConsoleWorld } from './console-world.ts'

test('License Management: add to the pool, read the statement and the history, export, give the number up', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const customer = await world.customer({ name: 'Bakery', mcals: { allotted: 5 } })
  const till = await world.client(customer, { clientId: 'till-1', kind: 'server' })
  await world.open('/licences')
  await page.getByRole('heading', { name: 'License Management' }).waitFor()
  const figure = (label: string) =>
    page.getByRole('definition').and(page.locator(`dt:text-is("${label}") + dd`))
  assert.equal(await figure('MCALs left').textContent(), 'Automatic')

  await page.getByRole('button', { name: 'Add MCALs' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add MCALs' })
  await dialog.getByRole('button', { name: 'Add MCALs' }).click()
  await dialog.getByText('A number is needed.').waitFor()
  await dialog.getByRole('textbox', { name: 'MCALs' }).fill('1200')
  await dialog.getByRole('textbox', { name: 'Note' }).fill('=Order 4711')
  await dialog.getByText('Left then: 1,200').waitFor()
  await dialog.getByRole('button', { name: 'Add MCALs' }).click()
  await page.getByText('The pool has 1,200 MCALs left.').waitFor()

  const { place, content } = sampleObject(100, 'first')
  assert.equal((await world.vault(till, place, { method: 'POST', body: content })).status, 200)
  await page.reload()
  await page.locator('dt:text-is("MCALs left") + dd:text-is("1,198")').waitFor()
  const statement = page.getByRole('table', { name: 'Monthly statement' })
  await statement.getByRole('cell', { name: '1,200' }).waitFor()
  assert.deepEqual(
    await statement
      .getByRole('row')
      .nth(1)
      .getByRole('cell')
      .allTextContents()
      .then((cells) => cells.slice(1)),
    ['–', '1,200', '2', 'Server 2', '1,198'],
  )
  await page.getByText('MCALs by month').waitFor()
  await page.locator('.recharts-bar-rectangle path').last().waitFor()

  await page.getByRole('link', { name: 'Utilization history' }).click()
  const history = page.getByRole('table', { name: 'Utilization history' })
  await history
    .getByRole('row')
    .filter({ hasText: 'till-1' })
    .getByText('First backup of the month')
    .waitFor()
  await page.getByRole('link', { name: 'Allotments' }).click()
  await page.getByRole('table', { name: 'Allotments' }).getByText('=Order 4711').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  assert.match(await readFile(await download.path(), 'utf8'), /^\ufeffNote,When,.*\r\n'=Order 4711,/)
  await page.getByRole('searchbox', { name: 'Filter notes' }).fill('nothing like it')
  await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('table', { name: 'Allotments' }).waitFor()

  await page.goto(`/licences?customer=${customer.id}`)
  await page.getByRole('heading', { name: 'MCALs of Bakery' }).waitFor()
  await page.locator('dt:text-is("MCALs left") + dd:text-is("3")').waitFor()
  await page.goto('/licences')
  await page.getByRole('button', { name: 'More about the pool' }).click()
  const unlimit = page.getByRole('menuitem', { name: 'Let the pool be without a number' })
  const ask = page.getByRole('dialog', { name: 'Let the pool be without a number?' })
  await unlimit.click()
  await ask.getByText(/MCALs are left now/).waitFor()
  await ask.getByRole('button', { name: 'Cancel' }).click()
  const pool = () => world.api<{ left: number | null }>('GET', '/api/v1/licences')
  assert.notEqual((await pool()).left, null)
  await page.getByRole('button', { name: 'More about the pool' }).click()
  await unlimit.click()
  await ask.getByRole('button', { name: 'Let the pool be without a number' }).click()
  await page.getByText('The pool has no number any more').waitFor()
  assert.equal((await pool()).left, null)
  assert.deepEqual(world.complaints, [])
})

test('a trial is begun, prolonged and made regular in the forms, by settings of the server and of its customer', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const customer = await world.customer({ name: 'Bakery' })
  await world.open('/settings')
  await page.getByRole('textbox', { name: 'Days a trial lasts' }).fill('5000')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('At most 3650 days.').waitFor()
  await page.getByRole('textbox', { name: 'Days a trial lasts' }).fill('10')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()

  await world.open(`/customers/${customer.id}/clients/new`)
  await page.getByRole('textbox', { name: 'Client ID' }).fill('till-1')
  await page.getByRole('checkbox', { name: 'Begin as a trial' }).check()
  await page.getByRole('button', { name: 'Add New Client' }).click()
  await page.getByRole('heading', { name: 'till-1 is ready' }).waitFor()
  const read = async () => {
    const { items } = await world.api<{ items: Client[] }>('GET', `/api/v1/customers/${customer.id}/clients`)
    return items.find(({ clientId }) => clientId === 'till-1')
  }
  const trial = await read()
  assert.ok(trial?.trial && Math.abs(trial.trial.endsAt - Date.now() - 10 * 86_400_000) < 600_000)

  await world.open(`/clients/${trial.id}/edit`)
  const later = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
  await page.getByLabel('Trial until').fill(later)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('till-1 is saved.').waitFor()
  const longer = await read()
  assert.ok(longer?.trial && longer.trial.endsAt > trial.trial.endsAt + 8 * 86_400_000)
  await world.open(`/clients/${trial.id}/edit`)
  await page.getByRole('checkbox', { name: 'Trial' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('till-1 is saved.').waitFor()
  assert.equal((await read())?.trial, null)

  await world.open(`/customers/${customer.id}/edit`)
  await page.getByRole('switch', { name: 'New clients begin as trials' }).check({ force: true })
  await page.getByRole('textbox', { name: 'Days a trial lasts' }).fill('3')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Bakery is saved.').waitFor()
  const next = await world.client(customer, { clientId: 'till-2' })
  assert.ok(next.trial && Math.abs(next.trial.endsAt - Date.now() - 3 * 86_400_000) < 600_000)
  await world.open(`/customers/${customer.id}/clients`)
  await page.getByRole('row').filter({ hasText: 'till-2' }).getByText('Trial').waitFor()
  assert.deepEqual(world.complaints, [])
})
