import assert from 'node:assert/strict'
import { globSync, rmSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Client, ClientSigns, Deletion, List, Warning } from '@granary/contract'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { sampleObject } from '../src/sample-object.ts'
import { within } from '../src/within.ts'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'
import { raiseAlarm } from './raise-alarm.ts'

const day = 24 * 60 * 60_000

test('an alarm is seen in tree, list and on the client’s page; the vault is put back and the trash released', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  const till = await world.client(bakery, { clientId: 'till-1' })
  await world.client(bakery, { clientId: 'till-2' })
  const pack = sampleObject(500, 'a pack of yesterday')
  await world.vault(till, '?create=true', { method: 'POST' })
  await world.vault(till, pack.place, { method: 'POST', body: pack.content })
  const moment = Date.now()
  await world.vault(till, pack.place, { method: 'DELETE' })
  await frightened(world, till.id, moment)

  await world.open(`/customers/${bakery.id}/clients`)
  const table = page.getByRole('table', { name: 'Clients' })
  await table.getByRole('img', { name: 'As much new data as the vault held' }).waitFor()
  await page.getByRole('navigation').getByRole('img', { name: 'Warning signs' }).first().waitFor()
  await page.getByRole('combobox', { name: 'Attention' }).selectOption('With warning signs')
  await page.getByText('1 client', { exact: true }).waitFor()
  assert.match(page.url(), /attention=warning/)
  await table.getByRole('link', { name: 'till-1', exact: true }).click()

  const banner = page.getByRole('region', { name: 'Warning signs of this client' })
  await banner.getByText('As much new data as the vault held').waitFor()
  await banner.getByText(/^.*900 MB; usual are 20\.0 MB\. The vault held 1\.00 GB before\.$/).waitFor()
  await page.getByText('What it stored and removed, day by day').waitFor()
  await page.locator('.recharts-bar').first().waitFor()
  assert.deepEqual(await violations(page), [])
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
  assert.deepEqual(await violations(page), [], 'dark')

  await world.open('/deleted')
  await page.getByRole('cell', { name: 'frozen', exact: true }).waitFor()
  await world.open(`/clients/${till.id}`)
  await banner.getByRole('button', { name: 'Put back to before this' }).click()
  const dialog = page.getByRole('dialog', { name: 'Put till-1 back to a moment' })
  const proposed = await dialog.getByLabel('Moment').inputValue()
  assert.ok(Math.abs(new Date(proposed).getTime() - moment) < 1000, 'the moment before it is proposed')
  await dialog.getByText('Comes back: 1 object').waitFor()
  await dialog.getByRole('button', { name: 'Put back' }).click()
  await page.getByText('till-1 is back and is being verified.').waitFor()

  await banner.getByRole('button', { name: 'Release' }).click()
  const release = page.getByRole('dialog', { name: 'Release the trash of till-1?' })
  await release.getByLabel('Reason').fill('the machine was cleaned')
  assert.deepEqual(await violations(page), [], 'the dialog')
  await release.getByRole('button', { name: 'Release' }).click()
  await page.getByText('The trash of till-1 is released.').waitFor()
  await banner.waitFor({ state: 'detached' })
  await page.getByText('Released. Nothing is purged before').waitFor()
  const signs = await world.api<ClientSigns>('GET', `/api/v1/clients/${till.id}/warning-signs`)
  assert.deepEqual([signs.frozen, signs.open], [false, []])
  await within(10_000, async () => {
    const client = await world.api<Client>('GET', `/api/v1/clients/${till.id}`)
    assert.equal(client.space.usedBytes, pack.content.length)
  })
  assert.deepEqual(world.complaints, [])
})

test('what was deleted with frozen clients says for which, and each is released from there', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  for (const clientId of ['till-1', 'till-2', 'till-3']) {
    const client = await world.client(bakery, { clientId })
    if (clientId !== 'till-3') await raiseAlarm(world, client.id, Date.now())
  }
  await world.api('DELETE', `/api/v1/customers/${bakery.id}?contents=delete`)
  // Another one, whose trash is frozen too, and has nothing to do with it.
  const scale = await world.client(await world.customer({ name: 'Butcher' }), { clientId: 'scale-1' })
  const pack = sampleObject(500, 'a pack of the scale')
  await world.vault(scale, '?create=true', { method: 'POST' })
  await world.vault(scale, pack.place, { method: 'POST', body: pack.content })
  await world.vault(scale, pack.place, { method: 'DELETE' })
  await raiseAlarm(world, scale.id, Date.now())
  const clientsFrozen = async (kind: string) => {
    const [line] = (await world.api<List<Deletion>>('GET', `/api/v1/deletions?kind=${kind}`)).items
    const open = await world.api<List<Warning>>('GET', `/api/v1/warnings?state=open&deletion=${line?.id}`)
    return open.items.map(({ client }) => client.clientId).toSorted()
  }
  assert.deepEqual(await clientsFrozen('customer'), ['till-1', 'till-2'])
  assert.deepEqual(await clientsFrozen('objects'), ['scale-1'])

  await world.open('/deleted')
  await page.getByRole('cell', { name: 'frozen', exact: true }).nth(1).waitFor()
  const whyFrozen = page.getByRole('menuitem', { name: 'Why it is frozen' })
  await page.getByRole('button', { name: 'Actions of Bakery' }).click()
  await whyFrozen.click()
  const dialog = page.getByRole('dialog', { name: 'Why Bakery is frozen' })
  await dialog.getByText('till-2').waitFor()
  assert.equal(await dialog.getByRole('listitem').count(), 2)
  assert.deepEqual(await violations(page), [])
  for (const clientId of ['till-1', 'till-2']) {
    await dialog.getByRole('button', { name: `Release: ${clientId}` }).click()
    const release = page.getByRole('dialog', { name: `Release the trash of ${clientId}?` })
    await release.getByLabel('Reason').fill('a drill')
    await release.getByRole('button', { name: 'Release' }).click()
    await page.getByText(`The trash of ${clientId} is released.`).waitFor()
  }
  await dialog.getByText('No client is frozen any more.').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('cell', { name: 'frozen', exact: true }).nth(1).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Actions of Bakery' }).click()
  await page.getByRole('menuitem', { name: 'Undelete' }).waitFor()
  assert.equal(await whyFrozen.count(), 0)
  assert.deepEqual(world.complaints, [])
})

test('damage is said on the client’s page and listed, with what helps', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const till = await world.client(await world.customer({ name: 'Bakery' }), { clientId: 'till-1' })
  const pack = sampleObject(300_000, 'a pack')
  await world.vault(till, '?create=true', { method: 'POST' })
  await world.vault(till, pack.place, { method: 'POST', body: pack.content })
  const file = globSync(`objects/vaults/*/data/*/${pack.name}`, { cwd: world.dataFolder })
  assert.equal(file.length, 1)
  rmSync(path.join(world.dataFolder, file[0] ?? ''))
  withDatabase(world, (database) => {
    database.exec(`insert into damaged_objects (vault_no, type, name, damage, found_at)
      select vault_no, type, name, 'missing', ${Date.now()} from objects where type = 5`)
  })
  await world.open(`/clients/${till.id}`)
  const banner = page.getByRole('region', { name: 'Damaged objects of this client' })
  await banner.getByText('1 stored object is missing or not as received').waitFor()
  await banner.getByRole('link', { name: 'Show them' }).click()
  const row = page.getByRole('table', { name: 'Damaged Objects' }).getByRole('row').nth(1)
  await row.getByText('Missing').waitFor()
  await row.getByText('Damaged').waitFor()
  await page.getByText(/This round of the scrub has read/).waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('combobox', { name: 'State' }).selectOption('Healed')
  await row.waitFor({ state: 'detached' })
  assert.deepEqual(world.complaints, [])
})

/** What a client did for twenty days, and an alarm, as the server would have written them down. */
async function frightened(world: ConsoleWorld, clientId: string, putBackTo: number): Promise<void> {
  withDatabase(world, (database) => {
    const { vault_no } = database.prepare('select vault_no from clients where id = ?').get(clientId) as {
      vault_no: number
    }
    const insert = database.prepare(
      `insert into vault_days (vault_no, began_at, last_at, backups, stored_bytes, removed_bytes, held_bytes,
        held_versions, left_bytes, left_versions, run_at, standing) values (?, ?, ?, 1, ?, ?, 1e9, 20, 1e9, 20, ?, ?)`,
    )
    const now = Date.now() - day
    for (let n = 20; n >= 0; n -= 1) {
      const at = now - n * day
      insert.run(
        vault_no,
        at,
        at,
        n === 0 ? 900e6 : 20e6,
        n % 7 === 0 ? 40e6 : 0,
        at,
        n === 0 ? 'alarmed' : 'usual',
      )
    }
  })
  await raiseAlarm(world, clientId, putBackTo)
}

function withDatabase(world: ConsoleWorld, work: (database: DatabaseSync) => void): void {
  using database = new DatabaseSync(path.join(world.dataFolder, 'granary.sqlite'), { timeout: 30_000 })
  work(database)
}

/** What axe finds, in the colours of the moment. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<axe.AxeResults> } }
    const { violations } = await axe.run()
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
    )
  })
}
