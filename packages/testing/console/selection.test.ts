import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knock } from '../src/knock.ts'
import { startConsoleWorld } from './console-world.ts'

test('what is selected is what can be seen, as it is now', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  const clinic = await world.customer({ name: 'Clinic' })
  await world.client(bakery, { clientId: 'till-1' })
  await world.client(clinic, { clientId: 'ward-1' })
  const selected = page.getByRole('toolbar')

  // A selection of one customer's clients is no selection of another's.
  await world.open(`/customers/${bakery.id}/clients`)
  await page.getByRole('checkbox', { name: 'Select till-1' }).check()
  await selected.waitFor()
  await page.getByRole('link', { name: 'Clinic', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select ward-1' }).waitFor()
  assert.equal(await selected.count(), 0)

  // What the switch in a row has changed since, the selection knows.
  await world.open('/customers')
  await page.getByRole('checkbox', { name: 'Select Bakery' }).check()
  await page.getByRole('switch', { name: 'Bakery is active' }).click()
  await page.getByText('Bakery is deactivated.').waitFor()
  await selected.getByRole('button', { name: 'Activate', exact: true }).click()
  await page.getByText('1 activated.').waitFor()
  await page.getByRole('switch', { name: 'Bakery is active', checked: true }).waitFor()

  // Narrowed otherwise, by whatever a list is narrowed by.
  for (const clientId of ['till-2', 'till-3']) {
    const { id } = await world.client(bakery, { clientId })
    await world.api('DELETE', `/api/v1/clients/${id}`)
  }
  await world.open('/deleted?kind=customer')
  await page.getByRole('combobox', { name: 'What' }).selectOption('client')
  await page.getByRole('checkbox', { name: 'Select till-2' }).check()
  await selected.waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
  assert.equal(await selected.count(), 0)

  // Who asks and thinks better of it has still selected.
  const { passKey, urlKey } = bakery
  await knock(`${world.url}/vault/${urlKey}/till-9/`, 'till-9', `${passKey}.own-secret-9`)
  await world.open('/waiting-room')
  await page.getByRole('checkbox', { name: 'Select till-9' }).check()
  await selected.getByRole('button', { name: 'Admit as …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.equal(await selected.count(), 1)
})
