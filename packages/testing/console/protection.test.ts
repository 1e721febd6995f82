import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Protection, ResellerDetails } from '@granary/contract'
import { startConsoleWorld } from './console-world.ts'

test('undelete windows and the rest are set for the server, a reseller and a customer, who inherit what is left empty', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const reseller = await world.api<ResellerDetails>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const of = (place: string) => world.api<Protection>('GET', `/api/v1/${place}protection`)
  const window = page.getByLabel('Undelete window (days)', { exact: true })
  const least = page.getByLabel('Keep each version at least (days)')

  await world.open('/settings')
  await page.getByText('How long what was deleted can be brought back. Left empty: 14 days.').waitFor()
  await window.fill('40000')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('At most 36500 days.').waitFor()
  await window.fill('30')
  await page.getByLabel('Longest undelete window (days)').fill('60')
  await page.getByLabel('Two persons for a purge').selectOption('Yes')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  assert.deepEqual((await of('')).effective, {
    undeleteDays: 30,
    minimumKeepDays: 0,
    trashCounts: false,
    twoPersonPurge: true,
    warningSensitivity: 'normal',
  })

  await world.open(`/resellers/${reseller.id}/edit`)
  await page.getByText('Left empty: as the level above, 30 days.').waitFor()
  await page.getByText('No window is longer than 60 days: the server’s settings say so.').waitFor()
  await window.fill('90')
  await page.getByText('The server’s settings allow at most 60 days: that is what holds.').waitFor()
  await least.fill('7')
  await page.getByLabel('Two persons for a purge').selectOption('No')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Northwind is saved.').waitFor()
  const ofReseller = await of(`resellers/${reseller.id}/`)
  assert.deepEqual([ofReseller.undeleteDays, ofReseller.effective.undeleteDays], [90, 60])

  await world.open(`/customers/${customer.id}/edit`)
  await page.getByText('Left empty: as the level above, 60 days.').waitFor()
  await page.getByText('Left empty: as the level above, 7 days.').waitFor()
  const twoPersons = page.getByLabel('Two persons for a purge')
  assert.equal(await twoPersons.locator('option:checked').textContent(), 'As the level above: No')
  await world.customer({ name: 'Clinic' })
  await window.fill('5')
  await page.getByRole('textbox', { name: 'Name' }).fill('Clinic')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('This name is taken. Choose another name.').waitFor()
  assert.equal((await of(`customers/${customer.id}/`)).undeleteDays, null, 'nothing of it is saved')
  await page.getByLabel('Trash counts against limits').selectOption('Yes')
  await page.getByLabel('Warning signs').selectOption('High')
  await page.getByRole('textbox', { name: 'Name' }).fill('Bakery Müller')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Bakery Müller is saved.').waitFor()
  assert.deepEqual((await of(`customers/${customer.id}/`)).effective, {
    undeleteDays: 5,
    minimumKeepDays: 7,
    trashCounts: true,
    twoPersonPurge: false,
    warningSensitivity: 'high',
  })
  await world.open(`/customers/${customer.id}/edit`)
  await window.fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Bakery Müller is saved.').waitFor()
  const inherits = await of(`customers/${customer.id}/`)
  assert.deepEqual([inherits.undeleteDays, inherits.effective.undeleteDays], [null, 60])
  assert.deepEqual(
    world.complaints.filter((line) => !line.includes('409')),
    [],
  )
})
