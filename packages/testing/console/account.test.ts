import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startIdentityProvider } from '@granary/testing'
import type { Page } from 'playwright-core'
import { codeAt } from '../../server/src/access/second-factor/totp.ts'
import { administrator, startConsoleWorld } from './console-world.ts'

async function signInByPassword(page: Page, password: string = administrator.password): Promise<void> {
  await page.getByRole('textbox', { name: 'Email' }).fill(administrator.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('an authenticator is set up and asked for; a recovery code helps out; the password is changed', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/customers')
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Your account' }).click()
  await page.getByRole('button', { name: 'Set up an authenticator' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your password now').fill('not it')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByText('This is not your password').waitFor()
  await dialog.getByLabel('Your password now').fill(administrator.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByRole('img', { name: 'QR code for the authenticator' }).waitFor()
  const secret = (await dialog.locator('code').textContent()) ?? ''
  await dialog.getByRole('textbox', { name: 'Code' }).fill('123')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await dialog.getByText('This code is wrong or was used').waitFor()
  await dialog.getByRole('textbox', { name: 'Code' }).fill(codeAt(secret, Date.now()))
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await dialog.getByRole('list', { name: 'Recovery codes' }).waitFor()
  const codes = await dialog.getByRole('list', { name: 'Recovery codes' }).locator('code').allTextContents()
  assert.equal(codes.length, 10)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByText('On. 10 recovery codes left.').waitFor()

  const phone = await world.stranger()
  await phone.goto('/sign-in')
  await signInByPassword(phone)
  await phone.getByRole('textbox', { name: 'Code' }).fill('000000')
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
  await phone.getByText('This code is wrong or was used').waitFor()
  await phone.getByRole('textbox', { name: 'Code' }).fill(codes[0] ?? '')
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
  await phone.getByRole('heading', { name: 'List of Customers' }).waitFor()

  await page.reload()
  await page.getByText('On. 9 recovery codes left.').waitFor()
  const sessions = page.getByRole('list', { name: 'Sessions' })
  await sessions.getByRole('listitem').nth(1).waitFor()
  assert.equal(await sessions.getByRole('listitem').count(), 2)
  await sessions.getByRole('button', { name: /^End: Chrome/ }).click()
  await page.getByText('The session is ended.').waitFor()
  await phone.reload()
  await phone.getByRole('heading', { name: 'Sign in to Granary' }).waitFor()

  await page.getByLabel('Your password now').fill(administrator.password)
  await page.getByLabel('New password', { exact: true }).fill('six more random words')
  await page.getByLabel('New password again').fill('six more random words')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed.').waitFor()
  await page.getByRole('button', { name: 'Ask for no code any more' }).click()
  await dialog.getByLabel('Your password now').fill('six more random words')
  await dialog.getByRole('button', { name: 'Ask for no code any more' }).click()
  await page.getByText('No code is asked for any more.').waitFor()
  await phone.reload()
  await signInByPassword(phone, 'six more random words')
  await phone.getByRole('heading', { name: 'List of Customers' }).waitFor()
})

test('a passkey of the browser signs in without a password', async () => {
  await using world = await startConsoleWorld()
  // Passkeys belong to a host name; an address of numbers is none.
  const context = await world.browser.newContext({ baseURL: world.url.replace('127.0.0.1', 'localhost') })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto('/account')
  await signInByPassword(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('This laptop')
  await dialog.getByLabel('Your password now').fill(administrator.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('The passkey is added.').waitFor()
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('heading', { name: 'List of Customers' }).waitFor()
  await page.goto('/account')
  await page.getByRole('button', { name: 'Remove: This laptop' }).click()
  await page.getByText('The passkey “This laptop” is removed.').waitFor()
  await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('alert').getByText('This passkey was not accepted').waitFor()
  await context.close()
})

test('an identity provider is set up, signs in, and leads back to where one wanted to go', async () => {
  await using world = await startConsoleWorld()
  await using provider = await startIdentityProvider({ redirectUrl: `${world.url}/sign-in/oidc` })
  const { page } = world
  await world.open('/settings/sign-in')
  await page.getByLabel('Issuer').fill(world.url)
  await page.getByLabel('Client ID').fill(provider.clientId)
  await page.getByLabel('Client secret').fill(provider.clientSecret)
  await page.getByLabel('Name on the button').fill('Northwind login')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The identity provider does not answer as one').waitFor()
  await page.getByLabel('Issuer').fill(provider.issuer)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The provider answers, and is saved.').waitFor()

  const visitor = await world.stranger()
  const signIn = async (login: string) => {
    await visitor.getByRole('button', { name: 'Sign in with Northwind login' }).click()
    await visitor.getByPlaceholder('Enter any login').fill(login)
    await visitor.getByPlaceholder('and password').fill('any')
    await visitor.getByRole('button', { name: 'Sign-in' }).click()
    await visitor.getByRole('button', { name: 'Continue' }).click()
  }
  await visitor.goto('/resellers')
  await signIn('nobody@granary.example')
  await visitor.getByText('Nobody here has your address').waitFor()
  await visitor.context().clearCookies()
  await visitor.goto('/resellers')
  await signIn(administrator.email)
  await visitor.getByRole('heading', { name: 'List of Resellers' }).waitFor()
})
