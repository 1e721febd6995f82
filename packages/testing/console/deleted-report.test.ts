import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Client } from '@granary/contract'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { sampleObject } from '../src/sample-object.ts'
import { within } from '../src/within.ts'
import { startConsoleWorld } from './console-world.ts'

test('the deleted report is filtered, exported and undone from; a vault is put back; a purge needs a reason', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery Müller' })
  const client = await world.client(customer, { clientId: 'till-1' })
  await world.vault(client, '?create=true', { method: 'POST' })
  const objects = [sampleObject(4000, 'one'), sampleObject(5000, 'two')]
  for (const { place, content } of objects)
    assert.equal((await world.vault(client, place, { method: 'POST', body: content })).status, 200)
  const moment = Date.now()
  for (const { place } of objects) await world.vault(client, place, { method: 'DELETE' })
  await world.api('DELETE', `/api/v1/customers/${(await world.customer({ name: 'Clinic' })).id}`)

  const { page } = world
  await world.open('/deleted')
  const table = page.getByRole('table', { name: 'Deleted Client/Backup Report' })
  await table.getByText('A prune freed 9.00 kB').waitFor()
  await page.getByText('2 deletions').waitFor()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor()
    assert.deepEqual(await violations(page), [], scheme)
  }

  await page.getByLabel('What', { exact: true }).selectOption('Pruned data')
  await page.getByText('1 deletion', { exact: true }).waitFor()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  const csv = await readFile((await file.path()) ?? '', 'utf8')
  assert.match(
    csv,
    /till-1,Pruned data,2,0,Default Reseller \/ Bakery Müller,9000,the client itself,127\.0\.0\.1/,
  )

  await page.getByRole('button', { name: 'Undelete: till-1' }).click()
  const dialog = page.getByRole('dialog', { name: 'Undelete till-1?' })
  await dialog.getByRole('button', { name: 'Undelete' }).click()
  await page.getByText('till-1 is back and is being verified.').waitFor()
  await within(20_000, async () => {
    const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
    assert.equal(space.usedBytes, 9000)
  })
  await page.reload()
  await table.getByText('Brought back').waitFor()
  for (const { place, content } of objects)
    assert.deepEqual((await world.vault(client, place, { method: 'GET' })).body, content)

  await world.vault(client, objects[0]?.place ?? '', { method: 'DELETE' })
  await world.open(`/customers/${customer.id}/clients`)
  await page.getByRole('button', { name: 'Actions of till-1' }).click()
  await page.getByRole('menuitem', { name: 'Put the vault back to a moment' }).click()
  const putBack = page.getByRole('dialog', { name: 'Put till-1 back to a moment' })
  await putBack.getByText('Nothing was removed since then.').waitFor()
  await putBack.getByLabel('Moment').fill(asLocal(moment + 1000))
  await putBack.getByText('Comes back: 1 object (4.00 kB)').waitFor()
  assert.deepEqual(await violations(page), [])
  await putBack.getByRole('button', { name: 'Put back' }).click()
  await page.getByText('till-1 is back and is being verified.').waitFor()
  await within(20_000, async () => {
    const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
    assert.equal(space.usedBytes, 9000)
  })

  await world.vault(client, objects[1]?.place ?? '', { method: 'DELETE' })
  await page.getByRole('button', { name: 'Actions of till-1' }).click()
  await page.getByRole('menuitem', { name: 'Deleted Client/Backup Report' }).click()
  await table.getByText('A prune freed 5.00 kB').waitFor()
  await page.getByRole('button', { name: 'Remove for good: till-1' }).first().click()
  const purge = page.getByRole('dialog', { name: 'Remove till-1 for good?' })
  await purge.getByLabel('Reason').fill('Asked by the customer')
  await purge.getByRole('button', { name: 'Remove for good' }).click()
  await page.getByText('till-1 is being removed for good.').waitFor()
  await within(20_000, async () => {
    await page.reload()
    await table.getByText('Removed for good').waitFor({ timeout: 2000 })
  })
  assert.deepEqual(world.complaints, [])
})

/** @returns each rule that axe finds broken, and where */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<axe.AxeResults> } }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  })
}

/** The tests' browser and this process share one time zone. */
function asLocal(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19)
}
