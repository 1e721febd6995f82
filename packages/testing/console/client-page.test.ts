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
  await page.getByRole('link', { name: 'Bakery' }).first().waitFor()
  assert.deepEqual(
    world.complaints.filter((line) => !line.includes('507')),
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
