import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, startConsoleWorld } from './console-world.ts'

test('the one-time link makes the first administrator, who signs out and in again', async () => {
  await using world = await startConsoleWorld({ signedOut: true })
  const { page } = world
  await page.goto(await world.setUpLink())
  await page.getByRole('textbox', { name: 'Your name' }).fill(administrator.name)
  await page.getByRole('textbox', { name: 'Email' }).fill(administrator.email)
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByLabel('Password again').fill('shorter')
  await page.getByRole('button', { name: 'Set up and sign in' }).click()
  await page.getByText('At least 12 characters.', { exact: true }).waitFor()
  await page.getByText('The two passwords differ.').waitFor()

  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByLabel('Password again').fill(administrator.password)
  await page.getByRole('button', { name: 'Set up and sign in' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()

  await page.getByRole('button', { name: `Account of ${administrator.name}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in to Granary' }).waitFor()

  await page.getByRole('textbox', { name: 'Email' }).fill(administrator.email)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Email and password do not match').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
})

test('a used link is refused and says how to get a new one', async () => {
  await using world = await startConsoleWorld({ signedOut: true })
  const link = await world.setUpLink()
  const once = await fetch(new URL('/api/v1/setup', world.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.url },
    body: JSON.stringify({ token: new URL(link).searchParams.get('token'), ...administrator }),
  })
  assert.equal(once.status, 200)
  const { page } = world
  await page.goto(link)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mallory')
  await page.getByRole('textbox', { name: 'Email' }).fill('mallory@granary.example')
  await page.getByLabel('Password', { exact: true }).fill('a long enough password')
  await page.getByLabel('Password again').fill('a long enough password')
  await page.getByRole('button', { name: 'Set up and sign in' }).click()
  await page.getByRole('alert').getByText('Run `granary admin reset` on the server').waitFor()
})

test('whoever is not signed in lands, after signing in, where they wanted to go', async () => {
  await using world = await startConsoleWorld()
  const customer = await world.customer({ name: 'Bakery Müller' })
  const page = await world.stranger()
  await page.goto(`/customers/${customer.id}/clients?search=till`)
  await page.getByRole('heading', { name: 'Sign in to Granary' }).waitFor()
  await page.getByRole('textbox', { name: 'Email' }).fill(administrator.email)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Clients of Bakery Müller' }).waitFor()
  assert.equal(new URL(page.url()).search, '?search=till')
})

test('the way back after signing in never leads to another site', async () => {
  await using world = await startConsoleWorld()
  for (const from of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    'javascript:alert(1)',
  ]) {
    const page = await world.stranger()
    await page.goto(`/sign-in?from=${encodeURIComponent(from)}`)
    await page.getByRole('textbox', { name: 'Email' }).fill(administrator.email)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
    assert.equal(new URL(page.url()).origin, world.url)
    await page.context().close()
  }
})

test('a session that ends elsewhere leads to signing in, and back', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.customer({ name: 'Bakery Müller' })
  await world.open('/customers?search=Bakery')
  await page.getByRole('link', { name: 'Bakery Müller', exact: true }).waitFor()
  await page.context().clearCookies()
  await page.getByRole('switch', { name: 'Auto authorization of Bakery Müller' }).click()
  const signInAgain = async () => {
    await page.getByText('You have been signed out.').waitFor()
    await page.getByRole('textbox', { name: 'Email' }).fill(administrator.email)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await signInAgain()
  await page.getByRole('link', { name: 'Bakery Müller', exact: true }).waitFor()
  assert.equal(new URL(page.url()).search, '?search=Bakery')

  // What was typed in a form is still there.
  await page.getByRole('link', { name: 'Edit Customer: Bakery Müller' }).click()
  const city = page.getByRole('textbox', { name: 'City' })
  await city.fill('Köln')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Save' }).click()
  await signInAgain()
  await city.waitFor()
  assert.equal(await city.inputValue(), 'Köln')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Bakery Müller is saved.').waitFor()
  await page.getByRole('link', { name: 'Edit Customer: Bakery Müller' }).click()
  assert.equal(await city.inputValue(), 'Köln')
})
