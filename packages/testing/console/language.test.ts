import assert from 'node:assert/strict'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { administrator, startConsoleWorld } from './console-world.ts'

test('the console speaks German once it is chosen, keeps to it, and goes back', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bäckerei', space: { allottedBytes: 2e12 } })
  await world.client(customer, { clientId: 'kasse-1' })
  const { page } = world
  await world.open('/customers')
  await page.getByRole('table').getByRole('link', { name: 'Bäckerei', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Liste der Kunden' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'de')
  await page.getByText('2 Kunden', { exact: true }).waitFor()
  for (const [address, heading] of [
    [`/customers/${customer.id}/clients`, 'Clients von Bäckerei'],
    [`/customers/${customer.id}/edit`, 'Bäckerei bearbeiten'],
    ['/licences', 'Lizenzverwaltung'],
    ['/waiting-room', 'Warteraum'],
    ['/space', 'Speicher- und Clientverwaltung'],
    ['/settings', 'Einstellungen'],
  ] as const) {
    await world.open(address)
    await page.getByRole('heading', { name: heading }).first().waitFor()
  }
  await page.goto(`/customers/${customer.id}/clients`)
  const switched = page.getByRole('switch', { name: 'kasse-1 ist aktiv' })
  await switched.click()
  await page.getByText('kasse-1 ist deaktiviert. Backups werden abgewiesen').waitFor()
  await page.getByRole('button', { name: 'Konto von Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Clients of Bäckerei' }).waitFor()
  assert.deepEqual(world.complaints, [])
})

test('a German browser is spoken to in German from the first page on', async () => {
  await using world = await startConsoleWorld({ signedOut: true })
  const context = await world.browser.newContext({ baseURL: world.url, locale: 'de-AT' })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Anmelden' }).waitFor()
  await context.close()
})

test('the language is chosen under one’s account, and follows whoever signs in into other browsers', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/account')
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch')
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByRole('heading', { name: 'Ihr Konto' }).waitFor()
  const other = await world.stranger()
  await other.goto('/sign-in')
  await other.getByRole('textbox', { name: 'Email' }).fill(administrator.email)
  await other.getByLabel('Password', { exact: true }).fill(administrator.password)
  await other.getByRole('button', { name: 'Sign in', exact: true }).click()
  await other.getByRole('heading', { name: 'Liste der Kunden' }).waitFor()
  await other.getByRole('button', { name: 'Konto von Ada Lovelace' }).click()
  await other.getByRole('menuitem', { name: 'Abmelden' }).click()
  await other.getByRole('button', { name: 'Anmelden', exact: true }).waitFor()

  await world.open('/settings/mail')
  await page.getByRole('combobox', { name: 'Sprache der Mails' }).selectOption('Deutsch')
  await page.getByRole('button', { name: 'Speichern' }).click()
  await page.getByText('Die Einstellungen sind gespeichert. Wartende Mails werden gesendet.').waitFor()
  const mails = await world.api<{ language: string }>('GET', '/api/v1/settings/mail')
  assert.equal(mails.language, 'de')

  await world.open('/account')
  await page
    .getByRole('combobox', { name: 'Sprache' })
    .selectOption('Die Konsole, wie der Browser es wünscht, Mails, wie der Server es tut')
  await page.getByRole('button', { name: 'Speichern' }).first().click()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  assert.deepEqual(world.complaints, [])
})

test('alerts are said in the language and the units of whoever reads them', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const bakery = await world.customer({ name: 'Bäckerei', space: { allottedBytes: 2_000_000_000 } })
  const message = { code: 'space-low', name: 'Bäckerei', usedBytes: 1.9e9, allottedBytes: 2e9 }
  using database = new DatabaseSync(path.join(world.dataFolder, 'granary.sqlite'), { timeout: 30_000 })
  database
    .prepare(
      `insert into alerts (id, kind, subject_id, subject_name, customer_id, text, message, began_at, resolved_at)
        values ('alr_1', 'space-low', ?, 'Bäckerei', ?, 'Bäckerei uses it up.', ?, ?, ?)`,
    )
    .run(bakery.id, bakery.id, JSON.stringify(message), Date.now() - 1000, Date.now())
  await world.open('/alerts?state=resolved')
  await page.getByText('Bäckerei uses 1.90 GB of 2.00 GB. Uploads are refused at the limit.').waitFor()
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  await page.getByText('Bäckerei belegt 1,90 GB von 2,00 GB. An der Grenze').waitFor()
  assert.deepEqual(world.complaints, [])
})

test('refusals, faults of fields and reasons are German too', async () => {
  await using world = await startConsoleWorld()
  await world.customer({ name: 'Bäckerei' })
  const { page } = world
  await world.open('/customers')
  await page.evaluate(() => localStorage.setItem('granary.language', 'de'))
  await world.open('/customers/new')
  await page.getByRole('button', { name: 'Neuen Kunden anlegen' }).click()
  await page.getByText('Ein Name wird gebraucht.').waitFor()
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('x'.repeat(121))
  await page.getByRole('textbox', { name: 'E-Mail' }).fill('keine Adresse')
  await page.getByRole('button', { name: 'Neuen Kunden anlegen' }).click()
  await page.getByText('Höchstens 120 Zeichen.').waitFor()
  await page.getByText('Eine E-Mail-Adresse.').waitFor()
  await name.fill('bäckerei')
  await page.getByRole('textbox', { name: 'E-Mail' }).fill('')
  await page.getByRole('button', { name: 'Neuen Kunden anlegen' }).click()
  await page.getByText('Dieser Name ist vergeben. Wählen Sie einen anderen Namen.').waitFor()

  await world.open('/customers')
  const remove = page.getByRole('button', { name: 'Weiter zum Löschen des Kunden: Default Customer' })
  assert.match((await remove.getAttribute('aria-description')) ?? '', /^Den Default gibt es immer/)
  await world.api('PATCH', '/api/v1/settings', { overAllotting: false })
  await page.route('**/api/v1/customers?**', (route) => route.abort())
  await page.reload()
  await page.getByRole('heading', { name: 'Der Server antwortet nicht' }).waitFor()
  await page.unroute('**/api/v1/customers?**')
  await world.open('/clients/nobody')
  await page.getByRole('heading', { name: 'Diesen Client gibt es nicht' }).waitFor()

  const customer = await world.customer({ name: 'Fleischerei' })
  const { id } = await world.client(customer, { clientId: 'kasse-1' })
  await world.api('DELETE', `/api/v1/clients/${id}`)
  await world.api('DELETE', `/api/v1/customers/${customer.id}?contents=delete`)
  await world.open('/deleted')
  await page.getByRole('button', { name: 'Zurückholen: kasse-1' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Zurückholen' }).click()
  await page.getByText('Fleischerei ist ebenfalls gelöscht. Holen Sie das zuerst zurück.').waitFor()
})

test('numbers are typed and shown as the language writes them', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const { id } = await world.customer({ name: 'Bäckerei', space: { allottedBytes: 1_500_000_000_000 } })
  await world.open('/customers')
  await page.evaluate(() => localStorage.setItem('granary.language', 'de'))
  await world.open('/customers')
  await page.getByRole('table').getByText('1,50 TB').first().waitFor()
  await world.open(`/customers/${id}/edit`)
  const amount = page.getByRole('textbox', { name: 'Speicher begrenzen auf' })
  assert.equal(await amount.inputValue(), '1,5')
  await amount.fill('2,25')
  await page.getByRole('button', { name: 'Speichern' }).click()
  await page.getByText('Bäckerei ist gespeichert.').waitFor()
  const saved = await world.api<{ space: { allottedBytes: number } }>('GET', `/api/v1/customers/${id}`)
  assert.equal(saved.space.allottedBytes, 2_250_000_000_000)
})
