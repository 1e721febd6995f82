import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, Deletion, List, Undeletion } from '@granary/contract'
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
  await page.getByText('2 deletions · 9.00 kB in the trash').waitFor()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor()
    assert.deepEqual(await violations(page), [], scheme)
  }

  await page.getByLabel('What', { exact: true }).selectOption('Pruned data')
  await page.getByText('1 deletion · 9.00 kB in the trash', { exact: true }).waitFor()
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
  await page.route('**/put-back-preview?*', (route) =>
    route.fulfill({ status: 429, body: 'A proxy has enough.' }),
  )
  await putBack.getByRole('radio', { name: /^Take it out/ }).check()
  await putBack
    .getByRole('alert')
    .getByText(/^The answer was 429/)
    .waitFor()
  await page.unroute('**/put-back-preview?*')
  await putBack.getByRole('radio', { name: /^Keep it/ }).check()
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
  assert.deepEqual(
    world.complaints.filter((line) => !line.includes('429')),
    [],
  )
})

test('what comes back shows how far it is and how it ended, also after a reload; several lines come back at once; a second person agrees to a purge', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery Müller' })
  const client = await world.client(customer, { clientId: 'till-1' })
  await world.vault(client, '?create=true', { method: 'POST' })
  const version = sampleObject(300, 'monday', 'snapshots')
  const objects = [version, ...Array.from({ length: 30 }, (_, i) => sampleObject(20_000, `pack ${i}`))]
  for (const { place, content } of objects)
    assert.equal((await world.vault(client, place, { method: 'POST', body: content })).status, 200)
  await pause(5)
  const moment = Date.now()
  await pause(5)
  for (const { place } of objects) await world.vault(client, place, { method: 'DELETE' })

  const { page } = world
  await world.open(`/clients/${client.id}`)
  await page.getByText('600 kB', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Put back…' }).click()
  const putBack = page.getByRole('dialog', { name: 'Put till-1 back to a moment' })
  await putBack.getByLabel('Moment').fill(asLocal(moment + 1000))
  await putBack.getByLabel('Moment').fill(asLocal(moment))
  const then = putBack.getByRole('list', { name: 'Versions' })
  // To the second: the version may have come in the same one.
  await putBack
    .getByText(/^(0 versions|1 version) at that moment/)
    .first()
    .waitFor()
  if (await then.isVisible()) await then.getByText(version.name.slice(0, 8)).waitFor()
  assert.deepEqual(await violations(page), [])
  await putBack.getByRole('button', { name: 'Cancel' }).click()
  const { id } = await world.api<Undeletion>('POST', `/api/v1/clients/${client.id}/put-back`, { moment })
  await page.reload()
  const progress = page.getByRole('article', { name: /till-1 is put back to/ })
  await progress.waitFor()
  await within(20_000, async () => {
    assert.equal((await world.api<Undeletion>('GET', `/api/v1/undeletions/${id}`)).step, 'done')
  })
  await page.reload()
  await progress
    .getByText('31 objects (600 kB) came back. All of it was read again and is as it was.')
    .waitFor()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor()
    assert.deepEqual(await violations(page), [], scheme)
  }
  await progress.getByRole('button', { name: 'Close' }).click()
  await progress.waitFor({ state: 'detached' })

  const gone = [await world.customer({ name: 'Clinic' }), await world.customer({ name: 'Garage' })]
  for (const one of gone) await world.api('DELETE', `/api/v1/customers/${one.id}?contents=delete`)
  await world.vault(client, version.place, { method: 'DELETE' })
  await world.open('/deleted?kind=customer')
  for (const name of ['Clinic', 'Garage'])
    await page.getByRole('checkbox', { name: `Select ${name}` }).click()
  await page.getByRole('button', { name: 'Undelete', exact: true }).click()
  await page.getByText('2 deletions are being undone.').waitFor()
  for (const one of gone) await world.api('GET', `/api/v1/customers/${one.id}`)

  await world.api('PATCH', `/api/v1/customers/${customer.id}/protection`, { twoPersonPurge: true })
  await world.open('/deleted?state=in-trash')
  await page.getByText(/1 deletion · 300 B in the trash/).waitFor()
  const [line] = (await world.api<List<Deletion>>('GET', '/api/v1/deletions?state=in-trash')).items
  await world.api('POST', `/api/v1/deletions/${line?.id}/purge`, { reason: 'asked by law' })
  await page.reload()
  await page.getByText('One removal waits for a second person').first().waitFor()
  await page.getByText(/asked \(“asked by law”\)/).waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: 'Refuse' }).click()
  await page.getByText('till-1 stays in the trash.').waitFor()
  await page.getByText('One removal waits for a second person').waitFor({ state: 'detached' })
  await world.api('POST', `/api/v1/deletions/${line?.id}/purge`, { reason: 'asked by law' })
  await page.reload()
  await page.getByRole('button', { name: 'Agree…' }).click()
  const agree = page.getByRole('dialog', { name: 'Remove till-1 for good?' })
  await agree.getByLabel('Reason').fill('agreed')
  await agree.getByRole('button', { name: 'Remove for good' }).click()
  await within(20_000, async () => {
    const found = await world.api<Deletion>('GET', `/api/v1/deletions/${line?.id}`)
    assert.deepEqual([found.state, found.reason], ['purged', 'asked by law'])
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
