import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { knock } from '../src/knock.ts'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'

/** Names that the rules allow and that want to be more than names. */
const hostile = {
  reseller: '<img src=x onerror="window.wasRun=1">',
  customer: '=HYPERLINK("http://evil.example","pay") שלום عالم',
  long: `+${'W'.repeat(119)}`,
  user: '"><script>window.wasRun=1</script>',
  key: '@SUM(1+1)*cmd|calc!A1',
  plugin: '-2+3+cmd|calc!A1',
  webhook: 'javascript:window.wasRun=1',
  product: "</title><script>window.wasRun=1</script>';--",
} as const

async function furnish(world: ConsoleWorld) {
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: hostile.reseller })
  const customer = await world.customer({
    name: hostile.customer,
    reseller: reseller.id,
    information: { notes: hostile.user, city: hostile.key },
  })
  await world.customer({ name: hostile.long, reseller: reseller.id })
  await world.api('POST', '/api/v1/plugins', { key: 'mssql', name: hostile.plugin, monthlyUnits: 3 })
  const client = await world.client(customer, { clientId: `-${'x'.repeat(62)}`, plugins: ['mssql'] })
  await knock(client.vaultUrl.replace(client.clientId, '.htaccess'), '.htaccess', 'a-secret-of-its-own')
  await world.api('POST', '/api/v1/webhooks', { name: hostile.webhook, url: 'http://127.0.0.1:1/' })
  await world.api('POST', '/api/v1/api-keys', { name: hostile.key, role: 'server-read-only' })
  await world.api('PATCH', '/api/v1/settings/brand', { productName: hostile.product })
  const gone = await world.client(customer, { clientId: '--help' })
  await world.api('DELETE', `/api/v1/clients/${gone.id}`)
  return { reseller: reseller.id, customer: customer.id, client: client.id }
}

function addressesOf(ids: { reseller: string; customer: string; client: string }): string[] {
  const below = (place: string, pages: readonly string[]) => pages.map((page) => `${place}/${page}`)
  return [
    ...['/customers', '/customers/new', '/resellers', '/waiting-room', '/licences', '/licences?tab=plugins'],
    ...['/space', '/deleted', '/audit-log', '/alerts', '/api-keys', '/users', '/users/new', '/account'],
    ...below('/settings', ['branding', 'mail', 'sign-in', 'alerts', 'logs']),
    ...below(`/resellers/${ids.reseller}`, ['customers', 'edit', 'delete', 'branding', 'users']),
    ...below(`/customers/${ids.customer}`, [
      'clients',
      'clients/new',
      'edit',
      'delete',
      'waiting-room',
      'users',
    ]),
    ...[`/clients/${ids.client}`, ...below(`/clients/${ids.client}`, ['edit', 'delete'])],
  ]
}

/** What a page did with the names: nothing that it should not. */
async function faultsOf(page: Page, address: string): Promise<string[]> {
  const { wasRun, tooWide } = await page.evaluate(() => ({
    wasRun: 'wasRun' in window,
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }))
  return [
    ...(wasRun ? [`${address} ran a name`] : []),
    ...(tooWide > 0 ? [`${address} is ${tooWide} pixels too wide`] : []),
  ]
}

test('names that want to be scripts, formulas or endless stay names on every screen', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const faults: string[] = []
  for (const address of addressesOf(await furnish(world))) {
    await world.open(address)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    faults.push(...(await faultsOf(page, address)))
  }
  await world.open('/customers')
  await page.getByRole('row', { name: `Select ${hostile.customer}` }).waitFor()
  await page.getByText(hostile.reseller, { exact: true }).first().waitFor()
  const stranger = await world.stranger()
  await stranger.goto('/sign-in')
  await stranger.getByRole('heading', { name: hostile.product }).waitFor()
  faults.push(...(await faultsOf(stranger, '/sign-in')))
  assert.deepEqual(faults, [])
  assert.deepEqual(world.complaints, [])
})

test('no export hands a spreadsheet a formula', async () => {
  await using world = await startConsoleWorld()
  await furnish(world)
  const { page } = world
  let formulas = 0
  for (const address of ['/customers', '/resellers', '/space', '/audit-log', '/api-keys', '/deleted']) {
    await world.open(address)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    const cells = text.split('\r\n').flatMap((line) => line.match(/(?<=^|,)("(?:[^"]|"")*"|[^,]*)/g) ?? [])
    const bare = cells.map((cell) => cell.replace(/^"/, ''))
    const run = bare.filter((cell) => /^\s*[=+@-]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell))
    assert.deepEqual(run, [], address)
    formulas += bare.filter((cell) => /^'\s*[=+@-]/.test(cell)).length
  }
  assert.ok(formulas >= 5, `${formulas} names were made harmless`)
})
