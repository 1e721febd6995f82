import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { Client } from '@granary/contract'
import {
  fillSampleTree,
  noise,
  repositoryPassword,
  resticBinary,
  runProgram,
  temporaryFolder,
} from '@granary/testing'
import type { Page } from 'playwright-core'
import { within } from '../src/within.ts'
import { startConsoleWorld } from './console-world.ts'

/** The commands as they stand on the screen, one a line. */
async function shownCommands(page: Page): Promise<string[]> {
  const steps = page.getByRole('region', { name: 'Start backing up' })
  await steps.getByText('restic init').waitFor()
  return steps.locator('li code').allTextContents()
}

/** Runs shown commands as the machine's shell would, with a stock restic; what it is asked, it is told. */
async function runAsMachine(commands: readonly string[], version: '0.14.0' | '0.19.1', home: string) {
  const restic = await resticBinary(version)
  return runProgram('/bin/sh', ['-e', '-c', commands.join('\n')], {
    env: {
      HOME: home,
      PATH: `${path.dirname(restic)}:${process.env.PATH}`,
      RESTIC_PASSWORD: repositoryPassword,
    },
  })
}

test('a new client’s commands, copied as shown, back a machine up, and Used Space moves meanwhile', async () => {
  await using world = await startConsoleWorld()
  await using home = await temporaryFolder('home')
  await fillSampleTree(home.path, 'home')
  await writeFile(path.join(home.path, 'film.raw'), noise(24_000_000, 'film'))
  const customer = await world.customer({ name: 'Bakery Müller', space: { allottedBytes: 1_000_000_000 } })
  const { page } = world
  await world.open(`/customers/${customer.id}/clients`)
  await page.getByRole('link', { name: 'Add New Client' }).first().click()
  await page.getByRole('textbox', { name: 'Client ID' }).fill('till-1')
  await page.getByRole('button', { name: 'Add New Client' }).click()
  await page.getByRole('heading', { name: 'till-1 is ready' }).waitFor()
  await page.getByText('Waiting for the first backup').waitFor()
  const commands = await shownCommands(page)
  assert.equal(commands.length, 3)

  const watched = await page.context().newPage()
  await watched.goto('/customers')
  const usedSpace = watched.getByRole('row', { name: 'Select Bakery Müller' }).locator('td:nth-child(6)')
  await usedSpace.getByText('0 B').waitFor()
  await watched.evaluate(() => {
    Object.assign(window, { wasNeverReloaded: true })
  })
  const seen = new Set<string>()
  // The last of the commands, in small pieces and slowed down, so that there is something to watch: about one a second.
  const slowly = [...commands.slice(0, -1), `${commands.at(-1)} --pack-size 4 --limit-upload 4000`]
  let isRunning = true
  const backup = runAsMachine(slowly, '0.19.1', home.path).finally(() => {
    isRunning = false
  })
  while (isRunning) {
    seen.add((await usedSpace.textContent()) ?? '')
    await watched.waitForTimeout(50)
  }
  await backup
  assert.ok(seen.size >= 3, `Used Space showed only ${[...seen]} while the backup ran`)

  const { items } = await world.api<{ items: Client[] }>('GET', `/api/v1/customers/${customer.id}/clients`)
  const held = items[0]?.space.usedBytes ?? 0
  await within(5000, async () => assert.equal(await world.usedBytesOnDisk(), held))
  await watched
    .getByText(`${(held / 1e6).toPrecision(3)} MB`)
    .first()
    .waitFor()
  assert.equal(await watched.evaluate(() => 'wasNeverReloaded' in window), true)
  await page.getByText('The first backup is arriving').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: 'Select till-1' }).locator('time').waitFor()
  assert.deepEqual(world.complaints, [])
})

test('the commands by pass key let a machine in that nobody added', async () => {
  await using world = await startConsoleWorld()
  await using home = await temporaryFolder('home')
  await fillSampleTree(home.path, 'home')
  const customer = await world.customer({ name: 'Bakery', autoAuthorization: true })
  const { page } = world
  await world.open(`/customers/${customer.id}/clients`)
  await page.getByRole('button', { name: 'Start by pass key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Start by pass key' })
  await dialog.getByRole('textbox', { name: 'Client ID' }).fill('new-machine')
  await runAsMachine(await shownCommands(page), '0.14.0', home.path)
  await dialog.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('row', { name: 'Select new-machine' })
  await row.waitFor()
  const { items } = await world.api<{ items: Client[] }>('GET', `/api/v1/customers/${customer.id}/clients`)
  assert.equal(items[0]?.admittedBy, 'auto-authorization')
})

test('reset credentials are shown once, and the old secret stops', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery' })
  const client = await world.client(customer, { clientId: 'till-1' })
  const { page } = world
  await world.open(`/clients/${client.id}`)
  await page.getByRole('button', { name: 'Reset Credentials' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Reset Credentials' }).click()
  const commands = await shownCommands(page)
  const secret = /till-1:([^@]+)@/.exec(commands[0] ?? '')?.[1] ?? ''
  assert.notEqual(decodeURIComponent(secret), client.secret)
  const old = await world.vault(client, 'config', { method: 'HEAD' })
  assert.equal(old.status, 401)
  const fresh = await world.vault({ ...client, secret: decodeURIComponent(secret) }, 'config', {
    method: 'HEAD',
  })
  assert.equal(fresh.status, 404)
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.equal(await page.getByText(secret).count(), 0)
})
