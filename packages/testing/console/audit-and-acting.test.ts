import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { startConsoleWorld } from './console-world.ts'

test('an administrator looks as a user below, then acts as them; the audit log names both, and exports', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery Müller' })
  await world.customer({ name: 'Clinic' })
  const invited = await world.api<{ link: string }>('POST', '/api/v1/users', {
    name: 'Bea',
    email: 'bea@bakery.example',
    role: 'customer-admin',
    place: customer.id,
  })
  const token = new URL(invited.link).searchParams.get('token')
  await fetch(new URL('/api/v1/one-time-link/password', world.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: 'words of Bea alone' }),
  })
  const { page } = world
  await world.open('/users')
  await page.getByRole('button', { name: 'Look as this user: Bea' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Go' }).click()
  await page.getByRole('heading', { name: 'Clients of Bakery Müller' }).waitFor()
  const banner = page.getByRole('region', { name: 'Somebody else’s view' })
  await banner.getByText('You are looking as Bea of Bakery Müller.').waitFor()
  assert.equal(await page.getByText('Clinic').count(), 0)
  assert.equal(await page.getByRole('link', { name: 'Add New Client' }).count(), 0, 'it can’t be used')
  await banner.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('heading', { name: 'Users' }).waitFor()
  await banner.waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Look as this user: Bea' }).click()
  await page.getByRole('radio', { name: 'Act as them' }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Go' }).click()
  await page.getByRole('link', { name: 'Add New Client' }).first().click()
  await page.getByLabel('Client ID').fill('till-1')
  await page.getByRole('button', { name: 'Add New Client' }).click()
  await page.getByRole('heading', { name: 'till-1 is ready' }).waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('heading', { name: 'Clients of Bakery Müller' }).waitFor()
  await banner.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('heading', { name: 'Users' }).waitFor()

  await world.open('/audit-log?event=client.')
  await page.getByRole('table', { name: 'Audit log' }).getByText('Ada Lovelace as Bea').waitFor()
  await page.getByText('1 entry').waitFor()
  const table = page.getByRole('table', { name: 'Audit log' })
  await page.getByLabel('Event').selectOption('')
  await table.getByRole('row').nth(2).waitFor()
  await page.getByRole('searchbox', { name: 'Filter audit log' }).fill('bakery')
  await page.getByText('1 entry').waitFor()
  await table.getByText('Customer added').waitFor()
  assert.match(page.url(), /search=bakery/)
  await page.getByRole('searchbox', { name: 'Filter audit log' }).fill('')
  await table.getByRole('button', { name: 'What', exact: true }).click()
  await table.locator('th[aria-sort=ascending]').getByText('What', { exact: true }).waitFor()
  await table.getByRole('button', { name: 'What', exact: true }).click()
  await page.waitForURL(/sort=-target/)
  await table.getByRole('row').nth(1).getByText('till-1', { exact: true }).waitFor()
  const sorted = (await saved(() => page.getByRole('button', { name: 'Export' }).click())).split('\r\n')
  const targets = sorted.slice(1, -1).map((line) => line.split(',')[3]?.toLowerCase() ?? '')
  assert.deepEqual(targets, targets.toSorted().toReversed(), 'the file has the order of the list')
  await page.getByRole('searchbox', { name: 'Filter audit log' }).fill('bakery')
  await page.getByText('1 entry').waitFor()
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText(/^Intact: \d+ entries$/).waitFor()
  const lines = await saved(() => page.getByRole('button', { name: 'JSON lines' }).click())
  const entries = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { target: { name: string } })
  assert.ok(entries.length > 0 && entries.every(({ target }) => target.name.includes('Bakery')))
  const csv = await saved(() => page.getByRole('button', { name: 'Export' }).click())
  assert.match(csv, /customer\.created,Bakery Müller/)

  async function saved(start: () => Promise<void>): Promise<string> {
    const [file] = await Promise.all([page.waitForEvent('download'), start()])
    return readFile((await file.path()) ?? '', 'utf8')
  }
})

test('the details of the audit log are words: labels, names, sizes and dates', async () => {
  await using world = await startConsoleWorld()
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  await world.customer({ name: 'Bakery', reseller: reseller.id, space: { allottedBytes: 15e11 } })
  const expiresAt = Date.parse('2099-03-04T12:00:00Z')
  await world.api('POST', '/api/v1/api-keys', { name: 'billing', role: 'server-read-only', expiresAt })
  const { page } = world
  await world.open('/audit-log')
  const row = (words: string) =>
    page.getByRole('table', { name: 'Audit log' }).getByRole('row').filter({ hasText: words })
  await row('Bakery')
    .getByText(/Reseller: Northwind; .*Allotted space: 1\.50 TB/)
    .waitFor()
  await row('billing')
    .getByText(/^Role: Server: read only; Expires: Mar 4, 2099/)
    .waitFor()
  assert.equal(await page.getByText(/res_|[{}"]|allottedBytes/).count(), 0)
})
