import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, CustomerDetails, List, ResellerDetails, ServerSettings, User } from '@granary/contract'
import { startConsoleWorld } from './console-world.ts'

test('a reseller and a customer under it are added with everything their forms ask', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/resellers')
  await page.getByRole('link', { name: 'Add New Reseller' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Northwind')
  await page.getByRole('checkbox', { name: 'Restrict Usage Space To' }).check()
  await page.getByRole('textbox', { name: 'Restrict Usage Space To' }).fill('2')
  await page.getByLabel('Unit').selectOption('TB')
  await page.getByRole('radio', { name: 'Allot a number of MCALs' }).check()
  await page.getByRole('textbox', { name: 'Number of MCALs' }).fill('400')
  await page.getByRole('button', { name: 'Add New Reseller' }).click()
  await page.getByText('Northwind is added.').waitFor()
  const resellers = await world.api<List<ResellerDetails>>('GET', '/api/v1/resellers?search=Northwind')
  assert.equal(resellers.items[0]?.space.allottedBytes, 2_000_000_000_000)
  assert.equal(resellers.items[0]?.mcals.allotted, 400)

  await page.getByRole('link', { name: 'Add Customer: Northwind' }).click()
  await page.getByText('Left to allot').waitFor()
  // Escape closes a list that is open, and leaves the form alone.
  await page.getByRole('combobox', { name: 'Reseller' }).click()
  await page.getByRole('option', { name: 'Northwind' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('option', { name: 'Northwind' }).waitFor({ state: 'hidden' })
  await page.getByRole('textbox', { name: 'Name' }).fill('Bäckerei Müller')
  await page.getByRole('textbox', { name: 'City' }).fill('Köln')
  await page.getByRole('checkbox', { name: 'Restrict Usage Space To' }).check()
  await page.getByRole('textbox', { name: 'Restrict Usage Space To' }).fill('3')
  await page.getByLabel('Unit').selectOption('TB')
  await page.getByText('That is 1.00 TB more than Northwind has left.').waitFor()
  await page.getByRole('button', { name: 'Add New Customer' }).click()
  await page.getByRole('heading', { name: 'Clients of Bäckerei Müller' }).waitFor()
  const found = await world.api<List<CustomerDetails>>(
    'GET',
    `/api/v1/customers?search=${encodeURIComponent('bäckerei')}`,
  )
  const customer = await world.api<CustomerDetails>('GET', `/api/v1/customers/${found.items[0]?.id}`)
  assert.equal(customer.reseller.name, 'Northwind')
  assert.equal(customer.space.allottedBytes, 3_000_000_000_000)
  assert.equal(customer.mcals.allotted, null)
  assert.equal(customer.information.city, 'Köln')
  assert.deepEqual(world.complaints, [])
})

test('a name that is taken is said at its field, and nothing typed is lost', async () => {
  await using world = await startConsoleWorld()
  await world.customer({ name: 'Bakery Müller' })
  const { page } = world
  await world.open('/customers/new')
  const name = page.getByRole('textbox', { name: 'Name' })
  await page.getByRole('button', { name: 'Add New Customer' }).click()
  await page.getByText('A name is needed.').waitFor()
  await name.fill(' bakery  MÜLLER ')
  await page.getByRole('textbox', { name: 'Notes' }).fill('Opens at five.')
  await page.getByRole('textbox', { name: 'Email' }).fill('no address')
  await page.getByRole('button', { name: 'Add New Customer' }).click()
  await page.getByText('An email address.').waitFor()
  await page.getByRole('textbox', { name: 'Email' }).fill('')
  await page.getByRole('button', { name: 'Add New Customer' }).click()
  await page.getByText('This name is taken. Choose another name.').waitFor()
  assert.equal(await name.inputValue(), ' bakery  MÜLLER ')
  assert.equal(await page.getByRole('textbox', { name: 'Notes' }).inputValue(), 'Opens at five.')
  assert.equal(await name.evaluate((input) => input === document.activeElement), true)
})

test('editing sends only what was changed, so that what others changed meanwhile stays', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery' })
  const { page } = world
  await world.open(`/customers/${id}/edit`)
  await page.getByRole('textbox', { name: 'City' }).fill('Köln')
  await world.api('PATCH', `/api/v1/customers/${id}`, {
    information: { phone: '123' },
    mcals: { allotted: 7 },
  })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Bakery is saved.').waitFor()
  const customer = await world.api<CustomerDetails>('GET', `/api/v1/customers/${id}`)
  assert.equal(customer.information.city, 'Köln')
  assert.equal(customer.information.phone, '123')
  assert.equal(customer.mcals.allotted, 7)

  const till = await world.client(customer, { clientId: 'till-1' })
  await world.open(`/clients/${till.id}/edit`)
  await page.getByRole('radio', { name: /^Server/ }).check()
  await world.api('PATCH', `/api/v1/clients/${till.id}`, { appendOnly: true, space: { allottedBytes: 5e9 } })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('till-1 is saved.').waitFor()
  const client = await world.api<Client>('GET', `/api/v1/clients/${till.id}`)
  assert.deepEqual([client.kind, client.appendOnly, client.space.allottedBytes], ['server', true, 5e9])

  const otto = await world.api<User>('POST', '/api/v1/users', {
    ...{ name: 'Otto', email: 'otto@granary.example', role: 'server-operator', place: null },
  })
  await world.open(`/users/${otto.id}/edit`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Otto I')
  await world.api('PATCH', `/api/v1/users/${otto.id}`, { role: 'server-read-only' })
  const readAgain = page.waitForResponse(`**/api/v1/users/${otto.id}`)
  await world.api('PATCH', `/api/v1/customers/${id}`, { information: { phone: '1234' } })
  await readAgain
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Otto I is saved.').waitFor()
  const user = await world.api<User>('GET', `/api/v1/users/${otto.id}`)
  assert.deepEqual([user.name, user.role], ['Otto I', 'server-read-only'])

  await world.open('/settings')
  await page.getByRole('textbox', { name: 'Days a trial lasts' }).fill('31')
  await world.api('PATCH', '/api/v1/settings', { overAllotting: false, trial: { keepDays: 44 } })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  const settings = await world.api<ServerSettings>('GET', '/api/v1/settings')
  assert.equal(settings.overAllotting, false)
  assert.deepEqual(settings.trial, { days: 31, keepDays: 44 })
})

test('a form begins with how things are now, not with how they were when it was last opened', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery' })
  const { page } = world
  const city = page.getByRole('textbox', { name: 'City' })
  await world.open('/customers')
  await page.getByRole('link', { name: 'Edit Customer: Bakery' }).click()
  await city.press('Escape')
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
  const mayReach = Promise.withResolvers<void>()
  await page.route(`**/api/v1/customers/${id}`, async (route) => {
    await mayReach.promise
    await route.continue()
  })
  const readAgain = page.waitForResponse('**/api/v1/customers?*')
  await world.api('PATCH', `/api/v1/customers/${id}`, { information: { city: 'Köln' } })
  await readAgain
  await page.getByRole('link', { name: 'Edit Customer: Bakery' }).click()
  await page.getByRole('heading', { name: 'Edit Bakery' }).waitFor()
  assert.equal(await city.count(), 0)
  mayReach.resolve()
  await city.waitFor()
  assert.equal(await city.inputValue(), 'Köln')
})

test('leaving a changed form asks, by link, by Escape and by the browser’s way back', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery' })
  const { page } = world
  await world.open('/customers')
  await page.getByRole('link', { name: 'Edit Customer: Bakery' }).click()
  const city = page.getByRole('textbox', { name: 'City' })
  await city.fill('Köln')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  for (const leave of [
    () => page.getByRole('link', { name: 'Reseller Management' }).click(),
    () => city.press('Escape'),
    () => page.goBack(),
  ]) {
    await leave()
    await question.getByRole('button', { name: 'Keep editing' }).click()
    await question.waitFor({ state: 'hidden' })
    assert.equal(await city.inputValue(), 'Köln')
    assert.equal(new URL(page.url()).pathname, `/customers/${id}/edit`)
  }
  await city.press('Escape')
  await question.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()

  // Also what is changed after it was saved once.
  await world.open('/settings/mail')
  const host = page.getByRole('textbox', { name: 'Host (SMTP)' })
  await host.fill('mail.granary.example')
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill('ada@granary.example')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/^Mail settings are saved/).waitFor()
  await host.fill('other.granary.example')
  await page.getByRole('link', { name: 'Logs' }).click()
  await question.getByRole('button', { name: 'Keep editing' }).click()
  assert.equal(await host.inputValue(), 'other.granary.example')
})

test('who leaves before the server has answered is told what came of it, and not led away', async () => {
  await using world = await startConsoleWorld()
  const { id } = await world.customer({ name: 'Bakery' })
  const { page } = world
  const settings = page.getByRole('heading', { name: 'Settings', level: 1 })
  /** Leaves while what was asked is on its way, and lets it go on, or break off. */
  const leaveMeanwhile = async (method: string, ask: () => Promise<void>, answer: 'continue' | 'abort') => {
    const mayReach = Promise.withResolvers<void>()
    await page.route('**/api/v1/customers**', async (route) => {
      if (route.request().method() !== method) return route.fallback()
      await mayReach.promise
      await route[answer]()
    })
    const asked = page.waitForRequest((request) => request.method() === method)
    await ask()
    await asked
    await page.getByRole('link', { name: 'Settings' }).click()
    const leave = page
      .getByRole('dialog', { name: 'Leave without saving?' })
      .getByRole('button', { name: 'Leave' })
    await leave.or(settings).waitFor()
    if (await leave.isVisible()) await leave.click()
    await settings.waitFor()
    mayReach.resolve()
  }
  const addClinic = async () => {
    await world.open('/customers/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Clinic')
    await page.getByRole('button', { name: 'Add New Customer' }).click()
  }
  await leaveMeanwhile('POST', addClinic, 'abort')
  await page.getByRole('alert').getByText('The server does not answer').waitFor()
  await page.unrouteAll()
  await leaveMeanwhile('POST', addClinic, 'continue')
  await page.getByText('Clinic is added.').waitFor()
  assert.equal(new URL(page.url()).pathname, '/settings')
  await page.unrouteAll()
  const deleteBakery = async () => {
    await world.open(`/customers/${id}/delete`)
    await page.getByRole('textbox', { name: 'Type “Bakery” to confirm' }).fill('Bakery')
    await page.getByRole('button', { name: 'Delete Customer' }).click()
  }
  await leaveMeanwhile('DELETE', deleteBakery, 'continue')
  await page.getByText('Bakery is deleted.').waitFor()
  assert.equal(new URL(page.url()).pathname, '/settings')
})

test('the pass key is shown, and rotating it makes another', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery' })
  const { page } = world
  await world.open(`/customers/${customer.id}/edit`)
  await page.getByText(customer.passKey ?? 'none').waitFor()
  await page.getByRole('button', { name: 'Rotate' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
  await page.getByText('The pass key is rotated.').waitFor()
  const { passKey } = await world.api<CustomerDetails>('GET', `/api/v1/customers/${customer.id}`)
  assert.notEqual(passKey, customer.passKey)
  await page.getByText(passKey ?? 'none').waitFor()
})

test('cancelling a form that was opened by a link stays in the console', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers/new')
  await page.getByRole('textbox', { name: 'Name' }).press('Escape')
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
})
