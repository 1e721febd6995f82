import assert from 'node:assert/strict'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Client, List, Version } from '@granary/contract'
import { fillSampleTree, temporaryFolder } from '../src/sample-tree.ts'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'

test('a client’s page shows its versions as they come; it moves to another customer, whose room is said before', async () => {
  await using world = await startConsoleWorld()
  await using files = await temporaryFolder('files')
  const { page } = world
  const bakery = await world.customer({ name: 'Bakery' })
  const clinic = await world.customer({ name: 'Clinic' })
  await world.customer({ name: 'Tiny', space: { allottedBytes: 1000 } })
  const till = await world.client(bakery, { clientId: 'till-1' })
  noteSpaceOf(world, till.id, [1, 3, 2])
  await world.open(`/clients/${till.id}`)
  await page.getByText('Used space over time').waitFor()
  await page.locator('.recharts-area-area').waitFor()
  await page.getByRole('heading', { name: 'No versions yet' }).waitFor()

  await fillSampleTree(files.path, 'till')
  await world.restic(till, ['init'])
  await world.restic(till, ['backup', '.'], { cwd: files.path })
  const versions = page.getByRole('table', { name: 'Versions' })
  await versions.getByRole('row').nth(1).waitFor()
  await world.restic(till, ['backup', '--force', '.'], { cwd: files.path })
  await page.getByText('2 versions', { exact: true }).waitFor()
  const { stdout } = await world.restic(till, ['snapshots', '--json'])
  const ids = (JSON.parse(stdout) as { short_id: string }[]).map(({ short_id }) => short_id)
  const shown = await versions.locator('tbody code').allTextContents()
  assert.deepEqual(shown, ids.toReversed(), 'as restic names them, the newest first')
  const read = await world.api<List<Version>>('GET', `/api/v1/clients/${till.id}/versions`)
  assert.ok((read.items[1]?.addedBytes ?? 0) > 6_000_000 && (read.items[0]?.addedBytes ?? 0) < 100_000)

  await page.getByRole('button', { name: 'Move to Another Customer' }).click()
  const dialog = page.getByRole('dialog', { name: 'Move till-1 to another customer' })
  const to = dialog.getByRole('combobox', { name: 'Customer it moves to' })
  await to.fill('Tiny')
  await page.getByRole('option', { name: 'Tiny' }).click()
  await dialog.getByText('Tiny has too little room: 1.00 kB are left.').waitFor()
  await dialog.getByRole('button', { name: 'Move' }).click()
  await dialog.getByText('No room left under the quota').waitFor()
  await to.fill('Clinic')
  await page.getByRole('option', { name: 'Clinic' }).click()
  await dialog.getByText('Clinic is not restricted.').waitFor()
  await dialog.getByRole('button', { name: 'Move' }).click()
  await page.getByText('till-1 is a client of Clinic now.').waitFor()
  await world.restic(till, ['backup', '.'], { cwd: files.path })
  const moved = await world.api<Client>('GET', `/api/v1/clients/${till.id}`)
  assert.equal(moved.customer.id, clinic.id)
  await page.getByText('3 versions', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('till-1 is a client of Bakery now.').waitFor()
  await page.getByRole('definition').getByRole('link', { name: 'Bakery' }).waitFor()

  await page.getByRole('button', { name: 'Move to Another Customer' }).click()
  await to.fill('Clinic')
  await page.getByRole('option', { name: 'Clinic' }).click()
  await dialog.getByRole('button', { name: 'Move' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await page.route('**/move', (route) => route.fulfill({ status: 503, body: 'A proxy has enough.' }))
  await page.getByRole('button', { name: 'Undo' }).click()
  await page
    .getByRole('alert')
    .getByText(/^The answer was 503/)
    .waitFor()
  assert.deepEqual(
    world.complaints.filter((line) => !/50[37]/.test(line)),
    [],
  )
})

/** What the server would have noted on the days before today. */
function noteSpaceOf(world: ConsoleWorld, ownerId: string, gigabytes: readonly number[]): void {
  using database = new DatabaseSync(path.join(world.dataFolder, 'granary.sqlite'))
  const today = Math.floor(Date.now() / 86_400_000)
  const insert = database.prepare('insert into space_days (owner_id, day, used_bytes) values (?, ?, ?)')
  for (const [n, size] of gigabytes.entries()) insert.run(ownerId, today - gigabytes.length + n, size * 1e9)
}

test('the pages of a client are under its reseller and its customer, all of them', async () => {
  await using world = await startConsoleWorld()
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const bakery = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const till = await world.client(bakery, { clientId: 'till-1' })
  const { page } = world
  const path = page.getByRole('main').getByRole('navigation').first()
  for (const [rest, above] of [
    ['', ['Northwind', 'Bakery']],
    ['/edit', ['Northwind', 'Bakery', 'till-1']],
    ['/delete', ['Northwind', 'Bakery', 'till-1']],
  ] as const) {
    await world.open(`/clients/${till.id}${rest}`)
    await path.getByRole('link', { name: 'Northwind' }).waitFor()
    const links = await path.getByRole('link').allTextContents()
    assert.deepEqual(links.slice(-above.length), above, rest)
  }
})

test('the chart of a client’s days names them evenly, and calls nothing usual before there is a day', async () => {
  await using world = await startConsoleWorld()
  const bakery = await world.customer({ name: 'Bakery' })
  const till = await world.client(bakery, { clientId: 'till-1' })
  await world.vault(till, '?create=true', { method: 'POST' })
  const { page } = world
  noteDaysOf(world, till.id, 1)
  await world.open(`/clients/${till.id}`)
  await page.getByText('What it stored and removed, day by day').waitFor()
  await page.getByText('Last day with a backup').waitFor()
  assert.equal(await page.getByText('A usual day').count(), 0)

  noteDaysOf(world, till.id, 30)
  await page.reload()
  await page.getByText('A usual day').waitFor()
  const ticks = page.locator('.recharts-xAxis-tick-labels text')
  await ticks.nth(1).waitFor()
  const sizes = page.locator('.recharts-yAxis-tick-labels').last().getByText(/B$/)
  await sizes.nth(4).waitFor()
  assert.deepEqual(await sizes.allTextContents(), ['0 B', '5.00 MB', '10.0 MB', '15.0 MB', '20.0 MB'])
  for (const width of [1280, 1100, 900, 700]) {
    await page.setViewportSize({ width, height: 800 })
    await page.waitForTimeout(400)
    const places = await ticks.evaluateAll((texts) => texts.map((text) => Number(text.getAttribute('x'))))
    const steps = places.slice(1).map((place, n) => Math.round(place - (places[n] ?? 0)))
    assert.ok(steps.length > 0 && Math.max(...steps) - Math.min(...steps) <= 1, `${width}: ${steps}`)
  }
})

/** Days with a backup up to today, which is not over. */
function noteDaysOf(world: ConsoleWorld, clientId: string, days: number): void {
  using database = new DatabaseSync(path.join(world.dataFolder, 'granary.sqlite'), { timeout: 30_000 })
  const found = database.prepare('select vault_no from clients where id = ?').get(clientId)
  const vault = (found as { vault_no: number }).vault_no
  database.prepare('delete from vault_days where vault_no = ?').run(vault)
  const insert = database.prepare(
    `insert into vault_days (vault_no, began_at, last_at, backups, stored_bytes, removed_bytes, held_bytes,
      held_versions, left_bytes, left_versions, run_at, standing) values (?, ?, ?, 1, 20e6, 0, 1e9, 20, 1e9, 20, ?, ?)`,
  )
  for (let n = days - 1; n >= 0; n -= 1) {
    const at = Date.now() - n * 86_400_000
    insert.run(vault, at, at, at, 'usual')
  }
}
