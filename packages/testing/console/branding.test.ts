import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { samplePng } from '../src/sample-image.ts'
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts'

const password = 'four random words here'
const hostName = 'backup.northwind.example'

/** An address of the console under the reseller's host name. */
function underHostName(world: ConsoleWorld, path: string): string {
  return `http://${hostName}:${new URL(world.url).port}${path}`
}

/** Invites somebody, and chooses their password where the link leads. */
async function signInAsNew(world: ConsoleWorld, page: Page, role: string, place: string): Promise<string> {
  const email = `${role}@northwind.example`
  const { link } = await world.api<{ link: string }>('POST', '/api/v1/users', {
    name: 'Nina',
    email,
    role,
    place,
  })
  await page.goto(link)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password again').fill(password)
  await page.getByRole('button', { name: 'Choose and sign in' }).click()
  await page.getByRole('button', { name: 'Account of Nina' }).waitFor()
  return email
}

async function signIn(page: Page, address: string, email: string): Promise<void> {
  await page.goto(address)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Account of Nina' }).waitFor()
}

/** The colour of a filled button, as the browser paints it. */
function colourOf(page: Page, button: string): Promise<string> {
  return page
    .getByRole('button', { name: button, exact: true })
    .evaluate((element) => getComputedStyle(element).backgroundColor)
}

/** Of an image, once the browser has it. @throws when it can't show it */
async function shownWidth(image: SVGElement | HTMLElement): Promise<number> {
  await (image as HTMLImageElement).decode()
  return (image as HTMLImageElement).naturalWidth
}

test('a reseller’s brand is set up with a preview, and greets its people by host name and after signing in', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const northwind = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const bakery = await world.customer({ name: 'Bakery', reseller: northwind.id, autoAuthorization: true })

  await world.open(`/resellers/${northwind.id}/edit`)
  await page.getByRole('link', { name: 'Branding' }).click()
  await page.getByRole('heading', { name: 'Branding of Northwind' }).waitFor()
  const preview = page.getByRole('img', { name: 'Preview in light colours' })
  await preview.getByText('Sign in to Granary').waitFor()
  await page.getByLabel('Product name').fill('Northwind Backup')
  await preview.getByText('Sign in to Northwind Backup').waitFor()
  await page.getByLabel('Accent colour').fill('#ffcc00')
  await page.getByText(/So that text stays readable/).waitFor()
  await page.getByLabel('Accent colour').fill('#2563eb')
  await page.getByText(/So that text stays readable/).waitFor({ state: 'detached' })

  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page
      .getByRole('group', { name: 'Logo', exact: true })
      .getByRole('button', { name: 'Choose an image' })
      .click(),
  ])
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  await chooser.setFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: svg })
  await page.getByText(/SVG can carry scripts/).waitFor()
  const wide = samplePng(120, 30, '#2563eb')
  await chooser.setFiles({ name: 'logo.png', mimeType: 'image/png', buffer: wide })
  await page.getByText(/SVG can carry scripts/).waitFor({ state: 'detached' })
  await preview.locator('img').first().waitFor()
  assert.equal(
    await preview.getByText('Northwind Backup', { exact: true }).count(),
    0,
    'a wide logo stands alone',
  )
  await page.getByLabel('Host name').fill('not a host')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/A host name such as/).waitFor()
  await page.getByLabel('Host name').fill(hostName)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The brand is saved.').waitFor()

  const nina = await world.stranger()
  await nina.goto(underHostName(world, '/sign-in'))
  await nina.getByRole('heading', { name: 'Sign in to Northwind Backup' }).waitFor()
  assert.equal(await nina.title(), 'Sign in to Northwind Backup · Northwind Backup')
  assert.equal(await nina.getByRole('img', { name: 'Northwind Backup' }).evaluate(shownWidth), 120)
  assert.equal(await colourOf(nina, 'Sign in'), 'rgb(37, 99, 235)')
  assert.match((await nina.locator('link[rel=icon]').getAttribute('href')) ?? '', /^data:image\/svg\+xml/)
  const stranger = await world.stranger()
  await stranger.goto('/sign-in')
  await stranger.getByRole('heading', { name: 'Sign in to Granary' }).waitFor()
  assert.equal(await colourOf(stranger, 'Sign in'), 'rgb(15, 116, 80)')

  const email = await signInAsNew(world, nina, 'customer-admin', bakery.id)
  assert.equal(new URL(nina.url()).hostname, hostName, 'the link of the invitation leads to the host name')
  await nina.getByRole('button', { name: 'Start by pass key' }).click()
  await nina
    .getByText(`@${new URL(underHostName(world, '')).host}/vault/bakery/`)
    .first()
    .waitFor()
  await signIn(stranger, '/sign-in', email)
  await stranger.getByRole('img', { name: 'Northwind Backup' }).waitFor()
  assert.match(
    await stranger.title(),
    / · Northwind Backup$/,
    'their reseller’s, though the address is the server’s',
  )
  assert.equal(await page.getByRole('banner').getByText('Granary').count(), 1, 'the server keeps its own')
  assert.deepEqual(
    world.complaints.filter((line) => !line.includes('401')),
    [],
  )
})

test('a reseller’s administrator changes the brand, and takes a logo away and back', async () => {
  await using world = await startConsoleWorld()
  const northwind = await world.api<{ id: string }>('POST', '/api/v1/resellers', { name: 'Northwind' })
  const [square, other] = [samplePng(32, 32, '#2563eb'), samplePng(40, 40, '#b91c1c')]
  await world.api('PATCH', `/api/v1/resellers/${northwind.id}/brand`, {
    productName: 'Northwind Backup',
    lightLogo: square.toString('base64'),
    hostName,
  })
  const rita = await world.stranger()
  await signInAsNew(world, rita, 'reseller-admin', northwind.id)
  const bar = rita.getByRole('banner')
  await bar.getByText('Northwind Backup').waitFor()
  assert.equal(await bar.getByRole('link').locator('img').first().evaluate(shownWidth), 32)
  assert.match(
    (await rita.locator('link[rel=icon]').getAttribute('href')) ?? '',
    /^\/api\/v1\/brand\/logos\//,
  )

  await rita.getByRole('button', { name: 'Administration' }).click()
  await rita.getByRole('menuitem', { name: 'Branding' }).click()
  await rita.getByRole('heading', { name: 'Branding of Northwind' }).waitFor()
  for (const field of ['Host name', 'From address']) {
    assert.ok(await rita.getByLabel(field).isDisabled(), field)
  }
  const logo = rita.getByRole('group', { name: 'Logo', exact: true })
  await logo.getByRole('button', { name: 'Remove' }).click()
  await logo.getByText('Removed when you save.').waitFor()
  await logo.getByRole('button', { name: 'Undo' }).click()
  await logo.getByRole('button', { name: 'Remove' }).click()
  await rita.getByRole('button', { name: 'Save' }).click()
  await rita.getByText('The brand is saved.').waitFor()
  await bar.getByRole('link').locator('img').waitFor({ state: 'detached' })

  const dropped = await rita.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(bytes)], 'logo.png', { type: 'image/png' }))
      return transfer
    },
    [...other],
  )
  await logo.getByText('or drop it here').dispatchEvent('drop', { dataTransfer: dropped })
  await logo.getByRole('button', { name: 'Replace' }).waitFor()
  await rita.getByRole('button', { name: 'Save' }).click()
  await bar.getByRole('link').locator('img').first().waitFor()

  await world.api('PATCH', '/api/v1/settings', { resellerManagement: false })
  await rita.goto(underHostName(world, `/resellers/${northwind.id}/branding`))
  await rita.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await rita.goto(underHostName(world, '/customers'))
  await bar.getByText('Granary').waitFor()
})
