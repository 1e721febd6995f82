import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMailServer } from '@granary/testing'
import { within } from '../src/within.ts'
import { startConsoleWorld } from './console-world.ts'

const password = 'another four random words'

test('mail is set up, a user is invited, signs in at their place, forgets the password, is kept out', async () => {
  await using world = await startConsoleWorld()
  await using mail = await startMailServer({ account: { user: 'granary', password: 'mail secret' } })
  const customer = await world.customer({ name: 'Bakery Müller' })
  await world.customer({ name: 'Clinic' })
  const { page } = world

  await world.open('/settings/mail')
  await page.getByLabel('Host (SMTP)').fill('127.0.0.1')
  await page.getByLabel('Port').fill(String(mail.port))
  await page.getByLabel('Encryption').selectOption('none')
  await page.getByLabel('User').fill('granary')
  await page.getByLabel('Password').fill('mail secret')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('An address to send from is needed.').waitFor()
  await page.getByLabel('Address', { exact: true }).fill('backup@provider.example')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Mail settings are saved.').waitFor()
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await page.getByText('The mail server took a test mail to ada@granary.example.').waitFor()
  assert.equal(mail.to('ada@granary.example').subject, 'Granary can send mail')

  await world.open('/customers')
  await page.getByRole('button', { name: 'Actions of Bakery Müller' }).click()
  await page.getByRole('menuitem', { name: 'Users' }).click()
  await page.getByRole('heading', { name: 'Users of Bakery Müller' }).waitFor()
  await page.getByRole('link', { name: 'Invite user' }).first().click()
  await page.getByLabel('Name').fill('Bea')
  await page.getByLabel('Email').fill('bea@bakery.example')
  await page.getByLabel('Role').selectOption('Customer: read only')
  await page.getByRole('button', { name: 'Send invitation' }).click()
  await page.getByText('An invitation is on its way to bea@bakery.example.').waitFor()
  await page.getByRole('table', { name: 'Users' }).getByText('Invited').waitFor()

  await within(20_000, async () => void mail.to('bea@bakery.example'))
  const bea = await world.stranger()
  await bea.goto(mail.to('bea@bakery.example').links[0] ?? '')
  await bea.getByRole('heading', { name: 'Welcome, Bea' }).waitFor()
  await bea.getByLabel('Password', { exact: true }).fill(password)
  await bea.getByLabel('Password again').fill(password)
  await bea.getByRole('button', { name: 'Choose and sign in' }).click()
  await bea.getByRole('heading', { name: 'Clients of Bakery Müller' }).waitFor()
  assert.equal(await bea.getByText('Clinic').count(), 0)
  await bea.goto(`/customers/${customer.id}/users`)
  await bea.getByText('Your role does not permit this').first().waitFor()

  const forgetful = await world.stranger()
  await forgetful.goto('/sign-in')
  await forgetful.getByRole('link', { name: 'Forgot your password?' }).click()
  await forgetful.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
  await forgetful.getByLabel('Email').fill('bea@bakery.example')
  await forgetful.getByRole('button', { name: 'Mail me a link' }).click()
  await forgetful.getByText('If there is such a user').waitFor()
  await within(20_000, async () => assert.match(mail.to('bea@bakery.example').subject, /new password/))
  await forgetful.goto(mail.to('bea@bakery.example').links[0] ?? '')
  await forgetful.getByLabel('Password', { exact: true }).fill(`${password} anew`)
  await forgetful.getByLabel('Password again').fill(`${password} anew`)
  await forgetful.getByRole('button', { name: 'Choose and sign in' }).click()
  await forgetful.getByRole('heading', { name: 'Clients of Bakery Müller' }).waitFor()
  await bea.reload()
  await bea.getByRole('heading', { name: 'Sign in to Granary' }).waitFor()

  await page.reload()
  await page.getByRole('button', { name: 'Deactivate: Bea' }).click()
  await page.getByText('Bea is signed out everywhere and kept out.').waitFor()
  await forgetful.reload()
  await forgetful.getByRole('heading', { name: 'Sign in to Granary' }).waitFor()
  await page.getByRole('button', { name: 'Delete user: Bea' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete user' }).click()
  await page.getByText('Bea is gone.').waitFor()
  await page.getByText('No users here yet').waitFor()
  assert.deepEqual(
    world.complaints.filter((text) => !/40[013]/.test(text)),
    [],
  )
})

test('without mail the link of an invitation is handed over', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  await world.open('/users')
  await page.getByRole('link', { name: 'Ada Lovelace', exact: true }).waitFor()
  await page.getByRole('link', { name: 'Invite user' }).click()
  await page.getByRole('button', { name: 'Send invitation' }).click()
  await page.getByText('A name is needed.').waitFor()
  // A reseller that was chosen is no customer.
  const role = page.getByRole('combobox', { name: 'Role' })
  await role.selectOption('reseller-operator')
  await page.getByRole('combobox', { name: 'Reseller' }).click()
  await page.getByRole('option', { name: 'Default Reseller' }).click()
  await role.selectOption('customer-operator')
  await page.getByRole('button', { name: 'Send invitation' }).click()
  await page.getByText('Choose where it belongs.').waitFor()
  await role.selectOption('server-operator')
  await page.getByLabel('Name').fill('Grace')
  await page.getByLabel('Email').fill('grace@granary.example')
  await page.getByRole('button', { name: 'Send invitation' }).click()
  const link = await page.getByRole('dialog').locator('code').textContent()
  const grace = await world.stranger()
  await grace.goto(link ?? '')
  await grace.getByLabel('Password', { exact: true }).fill(password)
  await grace.getByLabel('Password again').fill(password)
  await grace.getByRole('button', { name: 'Choose and sign in' }).click()
  await grace.getByRole('heading', { name: 'List of Customers' }).waitFor()
  await grace.goto(link ?? '')
  await grace.getByText('This link is used up or has expired').waitFor()
})

test('selected users are kept out together, but never oneself, and Undo lets them in again', async () => {
  await using world = await startConsoleWorld()
  const { page } = world
  const invite = (name: string) =>
    world.api<{ user: { id: string } }>('POST', '/api/v1/users', {
      ...{ name, email: `${name.toLowerCase()}@granary.example`, role: 'server-operator', place: null },
    })
  await invite('Bea')
  await invite('Cem')
  await world.open('/users')
  await page.getByRole('checkbox', { name: 'Select Bea' }).waitFor()
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await page.getByRole('toolbar', { name: '3 selected' }).getByRole('button', { name: 'Deactivate' }).click()
  await page.getByText('2 deactivated. 1 could not: This is your own account').waitFor()
  const states = async () => {
    const { items } = await world.api<{ items: { state: string }[] }>('GET', '/api/v1/users')
    return items.map(({ state }) => state)
  }
  assert.deepEqual(await states(), ['active', 'deactivated', 'deactivated'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('2 activated.').waitFor()
  assert.equal((await states()).includes('deactivated'), false)
  assert.deepEqual(world.complaints, [])
})
