import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, List } from '@granary/contract'
import { knock } from '../src/knock.ts'
import { startConsoleWorld } from './console-world.ts'

test('who waits shows by itself, and is admitted by a click, to another customer, or refused', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  const clinic = await world.customer({ name: 'Clinic' })
  const vault = (clientId: string) => `${world.url}/vault/${bakery.urlKey}/${clientId}/`
  const key = bakery.passKey
  await world.open('/waiting-room')
  await page.getByRole('heading', { name: 'Nobody waits' }).waitFor()

  assert.equal(await knock(vault('till-1'), 'till-1', `${key}.own-secret-1`), 403)
  assert.equal(await knock(vault('till-2'), 'till-2', `${key}.own-secret-2`), 403)
  assert.equal(await knock(vault('till-3'), 'till-3', `${key}.own-secret-3`), 403)
  assert.equal(await knock(vault('stranger'), 'stranger', 'wrong.own-secret-4'), 401)
  await page.getByRole('link', { name: 'Waiting room 4' }).waitFor()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await row('till-1').getByText('Brought the pass key; auto authorization is off').waitFor()
  await row('stranger').getByText('Brought a wrong pass key').waitFor()

  await page.getByRole('button', { name: 'Admit: till-1' }).click()
  await page.getByText('till-1 is let in. Its next attempt succeeds.').waitFor()
  assert.equal(await knock(vault('till-1'), 'till-1', `${key}.own-secret-1`), 200)

  await page.getByRole('button', { name: 'Admit as …: till-2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Admit till-2?' })
  await dialog.getByRole('combobox', { name: 'Customer it becomes a client of' }).fill('Clin')
  await page.getByRole('option', { name: 'Clinic' }).click()
  await dialog.getByLabel('Kind').selectOption('server')
  await dialog.getByRole('button', { name: 'Admit' }).click()
  await page.getByText('till-2 is let in.').waitFor()
  assert.equal(await knock(vault('till-2'), 'till-2', `${key}.own-secret-2`), 200)
  const { items } = await world.api<List<Client>>('GET', `/api/v1/customers/${clinic.id}/clients`)
  assert.deepEqual(
    items.map(({ clientId, kind }) => [clientId, kind]),
    [['till-2', 'server']],
  )

  await page.getByRole('button', { name: 'Refuse: till-3' }).click()
  await page.getByText('till-3 is refused.').waitFor()
  await page.getByText('1 waiting', { exact: true }).waitFor()
  await page.getByLabel('State').selectOption('Refused')
  await row('till-3').waitFor()
  await page.getByRole('button', { name: 'Refuse: till-3' }).and(page.locator('[aria-disabled]')).waitFor()
  await page.getByLabel('State').selectOption('Waiting')

  // Without the pass key a click is not enough.
  await page.getByRole('button', { name: 'Admit: stranger' }).click()
  const warning = page.getByRole('dialog', { name: 'Admit stranger?' })
  await warning.getByText('Not everybody here brought the pass key').waitFor()
  await warning.getByText('stranger from 127.0.0.1, at Bakery').waitFor()
  await warning.getByRole('button', { name: 'Admit' }).click()
  await page.getByRole('heading', { name: 'Nobody waits' }).waitFor()
  assert.equal(await knock(vault('stranger'), 'stranger', 'wrong.own-secret-4'), 200)
  assert.deepEqual(world.complaints, [])
})

test('many are admitted together, from the screen of their customer', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  const elsewhere = await world.client(await world.customer(), { clientId: 'taken' })
  for (const clientId of ['till-1', 'till-2', 'taken']) {
    await knock(
      `${world.url}/vault/${bakery.urlKey}/${clientId}/`,
      clientId,
      `${bakery.passKey}.own-secret-1`,
    )
  }
  await world.open(`/customers/${bakery.id}/clients`)
  await page.getByRole('main').getByRole('link', { name: 'Waiting room 3' }).click()
  await page.getByRole('heading', { name: 'Waiting room of Bakery' }).waitFor()
  await page
    .getByRole('button', { name: `Admit: ${elsewhere.clientId}` })
    .and(page.locator('[aria-disabled]'))
    .waitFor()
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await page
    .getByRole('toolbar', { name: '3 selected' })
    .getByRole('button', { name: 'Admit', exact: true })
    .click()
  await page.getByText('2 clients are let in. 1 could not: Its ID belongs to another client.').waitFor()
  await page.getByText('1 waiting', { exact: true }).waitFor()

  // The second click of a double click falls on the next row, which nobody meant.
  for (const clientId of ['desk-1', 'desk-2']) {
    await knock(
      `${world.url}/vault/${bakery.urlKey}/${clientId}/`,
      clientId,
      `${bakery.passKey}.own-secret-2`,
    )
  }
  let admissions = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/admit')) admissions++
  })
  await page.getByText('3 waiting', { exact: true }).waitFor()
  const admit = page.getByRole('button', { name: 'Admit: desk-2' })
  await admit.hover()
  await page.mouse.down()
  await page.mouse.up()
  await admit.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Admit: desk-1' }).and(page.locator(':hover')).waitFor()
  await page.mouse.down({ clickCount: 2 })
  await page.mouse.up({ clickCount: 2 })
  await page.getByText('2 waiting', { exact: true }).waitFor()
  assert.equal(admissions, 1)
  assert.deepEqual(world.complaints, [])
})
