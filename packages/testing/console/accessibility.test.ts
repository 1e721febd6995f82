import assert from 'node:assert/strict'
import { test } from 'node:test'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { knock } from '../src/knock.ts'
import { temporaryFolder } from '../src/sample-tree.ts'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'

interface Findings {
  readonly where: string
  readonly what: string[]
}

/** Everything axe knows in light colours, and in dark ones what depends on them. */
async function examine(page: Page, where: string): Promise<Findings[]> {
  await page.evaluate(axe.source)
  const light = await violations(page, {})
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
  const dark = await violations(page, { runOnly: ['color-contrast'] })
  await page.emulateMedia({ colorScheme: 'light' })
  const what = [...light, ...dark]
  return what.length > 0 ? [{ where, what }] : []
}

/** @returns each rule that is broken, and where */
function violations(page: Page, options: axe.RunOptions): Promise<string[]> {
  return page.evaluate(
    async (asked) => {
      const { axe } = window as unknown as { axe: { run: (options: object) => Promise<axe.AxeResults> } }
      const { violations } = await axe.run(asked)
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
      )
    },
    { ...options, resultTypes: ['violations' as const] },
  )
}

/** Every page with something on it, and what opens over it. */
function pagesOf(ids: { reseller: string; customer: string; client: string }) {
  const open = (role: 'button' | 'checkbox', name: string, then?: string) => async (page: Page) => {
    await page.getByRole(role, { name }).first().click()
    if (then) await page.getByRole(then as 'dialog').waitFor()
  }
  const press = (keys: string, dialog: string) => async (page: Page) => {
    await page.keyboard.press(keys)
    await page.getByRole('dialog', { name: dialog }).waitFor()
  }
  return [
    ['/customers', 'List of Customers', undefined],
    ['/customers', 'List of Customers', open('button', 'Actions of Bakery Müller', 'menu')],
    ['/customers', 'List of Customers', open('button', 'Choose columns', 'dialog')],
    ['/customers', 'List of Customers', open('checkbox', 'Select Bakery Müller', 'toolbar')],
    ['/customers', 'List of Customers', press('Control+k', 'Search everything')],
    ['/customers', 'List of Customers', press('Shift+?', 'Keyboard shortcuts')],
    ['/customers', 'List of Customers', open('button', 'Account of Ada Lovelace', 'menu')],
    ['/customers', 'List of Customers', open('button', 'Server Admin', 'menu')],
    ['/customers', 'List of Customers', open('button', 'Colours', 'menu')],
    ['/customers?search=nobody', 'Nothing matches these filters', undefined],
    ['/resellers', 'List of Resellers', undefined],
    ['/resellers/new', 'Add New Reseller', undefined],
    [`/resellers/${ids.reseller}/customers`, 'Customers of Northwind', undefined],
    [`/resellers/${ids.reseller}/edit`, 'Edit Northwind', undefined],
    [`/resellers/${ids.reseller}/delete`, 'Delete Northwind', undefined],
    ['/customers/new', 'Add New Customer', open('button', 'Add New Customer')],
    [`/customers/${ids.customer}/edit`, 'Edit Bakery Müller', open('checkbox', 'Restrict Usage Space To')],
    [`/customers/${ids.customer}/delete`, 'Delete Bakery Müller', undefined],
    [`/customers/${ids.customer}/clients`, 'Clients of Bakery Müller', undefined],
    [
      `/customers/${ids.customer}/clients`,
      'Clients of Bakery Müller',
      open('button', 'Start by pass key', 'dialog'),
    ],
    [`/customers/${ids.customer}/clients/new`, 'Add New Client', undefined],
    [`/clients/${ids.client}`, 'till-1', undefined],
    [`/clients/${ids.client}`, 'till-1', open('button', 'Reset Credentials', 'dialog')],
    [`/clients/${ids.client}`, 'till-1', open('button', 'Move to Another Customer', 'dialog')],
    [`/clients/${ids.client}/edit`, 'Edit till-1', undefined],
    [`/clients/${ids.client}/delete`, 'Delete till-1', undefined],
    ['/waiting-room', 'Waiting room', undefined],
    ['/waiting-room', 'Waiting room', open('button', 'Admit as …: till-2', 'dialog')],
    [`/customers/${ids.customer}/waiting-room`, 'Waiting room of Bakery Müller', undefined],
    ['/licences', 'License Management', open('button', 'Add MCALs', 'dialog')],
    ['/licences?tab=history', 'License Management', undefined],
    ['/licences?tab=plugins', 'License Management', open('button', 'Edit plug-in: SQL Server', 'dialog')],
    ['/space?search=northwind', 'Disk Space & Client Management', undefined],
    ['/api-keys', 'API keys', open('checkbox', 'Select all on this page', 'toolbar')],
    ['/space', 'Disk Space & Client Management', open('button', 'Expand Northwind')],
    ['/space', 'Disk Space & Client Management', open('button', 'Allotted Space of Northwind')],
    ['/deleted', 'Deleted Client/Backup Report', undefined],
    ['/settings', 'Settings', undefined],
    ['/api-keys', 'API keys', open('button', 'Create API key', 'dialog')],
    ['/users', 'Users', open('button', 'Actions of Ada Lovelace', 'menu')],
    ['/users/new', 'Invite user', open('button', 'Send invitation')],
    [`/customers/${ids.customer}/users`, 'No users here yet', undefined],
    ['/settings/branding', 'Branding', undefined],
    [
      `/resellers/${ids.reseller}/branding`,
      'Branding of Northwind',
      (page: Page) => page.getByLabel('Accent colour').fill('#ffcc00'),
    ],
    ['/settings/mail', 'Mail', undefined],
    ['/settings/sign-in', 'Sign-in', undefined],
    ['/settings/alerts', 'Alerts', undefined],
    ['/settings/alerts', 'Alerts', open('button', 'Deliveries: Pager', 'dialog')],
    ['/settings/logs', 'Logs', undefined],
    ['/alerts', 'Alerts', undefined],
    ['/audit-log', 'Audit log', open('button', 'Verify', 'status')],
    ['/account', 'Your account', undefined],
    ['/account', 'Your account', open('button', 'Add a passkey', 'dialog')],
    ['/nowhere', 'There is no such page', undefined],
  ] as const
}

async function furnish(world: ConsoleWorld) {
  const reseller = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const customer = await world.customer({
    name: 'Bakery Müller',
    reseller: reseller.id,
    autoAuthorization: true,
    state: 'active',
  })
  await world.customer({ name: 'Clinic', reseller: reseller.id, state: 'deactivated' })
  await world.api('POST', '/api/v1/plugins', { key: 'mssql', name: 'SQL Server', monthlyUnits: 3 })
  const client = await world.client(customer, { clientId: 'till-1', plugins: ['mssql'] })
  await knock(client.vaultUrl.replace('till-1', 'till-2'), 'till-2', 'a-secret-of-its-own')
  await world.api('POST', '/api/v1/webhooks', { name: 'Pager', url: 'http://127.0.0.1:1/' })
  return { reseller: reseller.id, customer: customer.id, client: client.id }
}

test('axe finds nothing on any page, in light and in dark colours', async () => {
  await using disk = await temporaryFolder('disk')
  await using world = await startConsoleWorld({ storage: `archive=${disk.path}` })
  const findings: Findings[] = []
  for (const [address, heading, act] of pagesOf(await furnish(world))) {
    await world.open(address)
    await world.page.getByRole('heading', { name: heading }).first().waitFor()
    await world.page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    await act?.(world.page)
    findings.push(...(await examine(world.page, `${address} (${heading})`)))
  }
  const gate = await world.stranger()
  for (const address of [
    '/sign-in',
    '/setup',
    '/setup?token=x',
    '/forgot-password',
    '/welcome?token=x',
    '/unsubscribe?token=x',
  ]) {
    await gate.goto(address)
    await gate.getByRole('heading').first().waitFor()
    findings.push(...(await examine(gate, address)))
  }
  assert.deepEqual(findings, [])
})

test('nor under a brand whose colour text could not be read on', async () => {
  await using world = await startConsoleWorld()
  const { customer } = await furnish(world)
  await world.api('PATCH', '/api/v1/settings/brand', { productName: 'Sunny', accent: '#ffe600' })
  const findings: Findings[] = []
  for (const [address, heading, act] of [
    ['/customers', 'List of Customers', (page: Page) => page.getByLabel('Select Clinic').check()],
    [`/customers/${customer}/clients/new`, 'Add New Client', undefined],
    ['/account', 'Your account', undefined],
  ] as const) {
    await world.open(address)
    await world.page.getByRole('heading', { name: heading }).first().waitFor()
    await world.page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    await act?.(world.page)
    findings.push(...(await examine(world.page, address)))
  }
  const gate = await world.stranger()
  await gate.goto('/sign-in')
  await gate.getByRole('heading', { name: 'Sign in to Sunny' }).waitFor()
  findings.push(...(await examine(gate, '/sign-in')))
  assert.deepEqual(findings, [])
})
