import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Account, type Route, type RouteName, routes } from '@granary/contract'
import { type MailServer, samplePng, startIdentityProvider, startMailServer } from '@granary/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { CredentialHash } from '../../access/access.ts'
import { codeAt } from '../../access/second-factor/totp.ts'
import { unsubscribeUrl } from '../../alerts/unsubscribe-link.ts'
import { noteAttempts } from '../../clients/note-attempt.ts'
import { type Answer, type ApiWorld, startApiWorld, userPassword } from '../../test-world/api-world.ts'
import { Authenticator } from '../../test-world/authenticator.ts'
import { openTestPlace } from '../../test-world/on-each-database.ts'
import { plantedMoment, plantedVersion, plantTrashedVersion } from '../../test-world/plant-trash.ts'
import { plantWarning } from '../../test-world/plant-warning.ts'

interface Operation {
  readonly operationId: string
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>
}
interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { schemas: Record<string, object> }
}

test('the document describes every route, and its references lead somewhere', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  const document = await world.get<Document>('/api/v1/openapi.json', { key: null })
  assert.equal(document.openapi, '3.1.0')
  const described = Object.values(document.paths).flatMap((operations) =>
    Object.values(operations).map(({ operationId }) => operationId),
  )
  assert.deepEqual(
    described.toSorted(),
    [...Object.keys(routes), 'followChanges', 'readBrandLogo'].toSorted(),
  )
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
  const names = [...references].map(([, name]) => name ?? '')
  assert.ok(names.length > 20)
  for (const name of names) assert.ok(name in document.components.schemas, name)
})

test('what the routes really answer, good or bad, is what the document says', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  await using mailServer = await startMailServer()
  await world.setUpMail(mailServer)
  const document = await world.get<Document>('/api/v1/openapi.json')
  const check = checker(document)
  const checked = new Set<string>()
  for (const [name, answer] of await answersOfEveryRoute(world, mailServer)) {
    check(name, answer)
    checked.add(`${name} ${answer.status < 300 ? 'good' : 'bad'}`)
  }
  for (const name of Object.keys(routes)) {
    assert.ok(checked.has(`${name} good`), `${name} was never answered well`)
    if (!['readHealth', 'readSignInOptions', 'readBrand'].includes(name))
      assert.ok(checked.has(`${name} bad`), `${name} was never refused`)
  }
})

function checker(document: Document): (name: RouteName, answer: Answer) => void {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'document')
  return (name, answer) => {
    const route: Route = routes[name]
    const path = route.path.replace(':id', '{id}')
    const described = document.paths[path]?.[route.method.toLowerCase()]?.responses[answer.status]
    assert.ok(described, `${name} answers ${answer.status}, which the document does not tell of`)
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    if (!described.content) {
      assert.equal(answer.body, '', `${name} should answer ${answer.status} without a body`)
      return
    }
    const schema = described.content[type]?.schema
    assert.ok(schema, `${name} answers ${answer.status} as ${type}, which the document does not tell of`)
    const pointer = [
      'paths',
      path,
      route.method.toLowerCase(),
      'responses',
      answer.status,
      'content',
      type,
      'schema',
    ]
    const escaped = pointer.map((step) =>
      encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1')),
    )
    const validate = ajv.getSchema(`document#/${escaped.join('/')}`)
    assert.ok(validate, escaped.join('/'))
    assert.ok(validate(answer.body), `${name} ${answer.status}: ${ajv.errorsText(validate.errors)}`)
  }
}

/** Calls each route so that it does its work, and each once more so that it refuses. */
async function answersOfEveryRoute(world: ApiWorld, mailServer: MailServer): Promise<[RouteName, Answer][]> {
  const answers: [RouteName, Answer][] = []
  async function call(name: RouteName, id: string, options: Parameters<ApiWorld['call']>[2] = {}) {
    const route: Route = routes[name]
    const query = name === 'previewPutBack' && id !== 'nope' ? `?moment=${plantedMoment}` : ''
    const answer = await world.call(route.method, route.path.replace(':id', id) + query, options)
    answers.push([name, answer])
    return answer as Answer<{ id: string; items: { id: string }[] }>
  }
  const made = async (name: RouteName, id: string, body: unknown) => (await call(name, id, { body })).body.id

  const reseller = await made('createReseller', '', { name: 'R', information: { city: 'Wien' } })
  const customer = await made('createCustomer', '', { name: 'C', reseller })
  const client = await made('createClient', customer, { clientId: 'web', space: { allottedBytes: 5 } })
  const key = await made('createApiKey', '', { name: 'K', role: 'customer-read-only', place: customer })
  await call('readHealth', '')
  for (const name of ['listResellers', 'listCustomers', 'listApiKeys', 'readSession'] as const)
    await call(name, '')
  await call('listClients', customer)
  for (const name of ['listVersions', 'readClientSpaceHistory'] as const) await call(name, client)
  await call('readCustomerSpaceHistory', customer)
  const elsewhere = await made('createCustomer', '', { name: 'Elsewhere', reseller })
  await call('moveClient', client, { body: { customer: elsewhere } })
  await call('moveClient', client, { body: { customer: elsewhere } })
  await call('moveClient', client, { body: { customer } })
  for (const [names, id] of [
    [['readReseller', 'activateReseller', 'deactivateReseller', 'previewResellerDeletion'], reseller],
    [
      ['readCustomer', 'activateCustomer', 'deactivateCustomer', 'rotatePassKey', 'previewCustomerDeletion'],
      customer,
    ],
    [
      ['readClient', 'activateClient', 'deactivateClient', 'resetClientCredentials', 'previewClientDeletion'],
      client,
    ],
  ] as const) {
    for (const name of names) await call(name, id)
  }
  await call('editReseller', reseller, { body: { mcals: { allotted: 5 } } })
  await call('editCustomer', customer, { body: { space: { allottedBytes: null } } })
  for (const name of ['readLicences', 'readLicenceStatement', 'listLicenceDraws'] as const)
    await call(name, '')
  await callBrands(call, reseller)
  await call('addMcals', '', { body: { units: 5, note: 'first' } })
  await call('addMcals', '', { body: { units: -50 } })
  await call('listLicenceAllotments', '')
  await call('unlimitPool', '')
  await call('readSettings', '')
  await call('editSettings', '', { body: { trial: { days: 14 } } })
  await call('editClient', client, { body: { kind: 'server' } })
  const mssql = { key: 'mssql', name: 'SQL Server', monthlyUnits: 3 }
  for (const body of [mssql, mssql, { ...mssql, key: 'sql' }]) await call('createPlugin', '', { body })
  await call('editPlugin', 'mssql', { body: { monthlyUnits: 2 } })
  await call('editPlugin', 'nothing', { body: { monthlyUnits: 2 } })
  await call('editClient', client, { body: { plugins: ['mssql'] } })
  await call('editClient', client, { body: { plugins: ['nothing'] } })
  await call('listPlugins', '')
  await call('removePlugin', 'mssql')
  await call('editClient', client, { body: { plugins: [] } })
  await call('removePlugin', 'mssql')
  for (const clientId of ['till-1', 'till-2']) {
    const brought = { secretHash: Buffer.alloc(32), reason: 'auto-authorization-off', address: '' } as const
    await noteAttempts(world)({ customerId: customer, clientId, ...brought })
  }
  const { items: waiting } = (await call('listWaitingClients', '')).body
  await call('refuseWaitingClient', waiting[0]?.id ?? '')
  await call('admitWaitingClient', waiting[1]?.id ?? '', { body: {} })
  await call('readMailSettings', '')
  await call('editMailSettings', '', { body: { fromName: 'Backup' } })
  await call('sendTestMail', '', { body: { to: 'ada@provider.example' } })
  await call('sendMailAgain', '')
  await callUsers(world, customer, mailServer, call)
  await undelete(world, call, [client, await made('createClient', customer, { clientId: 'db' })])
  await callAccount(world, call)
  await callProvider(world, call)
  await setUp(world, call)
  await call('signOut', '')

  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    if (route.access === 'public') continue
    await call(name, 'nope', { key: null, ...(route.body && { body: {} }) })
    await call(name, 'nope', route.body ? { body: { surprise: 1 } } : {})
  }
  await call('createCustomer', '', { body: { name: 'c' } })
  await call('createClient', customer, { body: { clientId: 'WEB' } })
  await call('createReseller', '', {
    key: await world.key('customer-operator', customer),
    body: { name: 'x' },
  })

  await call('revokeApiKey', key)
  await call('deleteClient', client)
  await call('deleteCustomer', customer)
  await call('deleteReseller', reseller)
  return answers
}

type Call = (
  name: RouteName,
  id: string,
  options?: Parameters<ApiWorld['call']>[2],
) => Promise<Answer<{ id: string }>>

async function callBrands(call: Call, reseller: string): Promise<void> {
  const lightLogo = samplePng(40, 10, '#2563eb').toString('base64')
  await call('editServerBrand', '', { body: { productName: 'Cloudhaven', lightLogo } })
  await call('editResellerBrand', reseller, { body: { accent: '#2563eb', hostName: 'backup.r.example' } })
  await call('readServerBrand', '')
  await call('readResellerBrand', reseller)
  await call('readBrand', '', { key: null })
}

async function callAccount(world: ApiWorld, call: Call): Promise<void> {
  const ada = await world.user('server-admin')
  const currentPassword = userPassword
  const again = await world.user('server-admin')
  await call('editAccount', '', { ...ada, body: { name: 'Ada' } })
  const begun = await call('beginTotp', '', { ...ada, body: { currentPassword } })
  const { secret } = begun.body as unknown as { secret: string }
  const code = codeAt(secret, world.clock.now())
  await call('confirmTotp', '', { ...ada, body: { code } })
  await call('signIn', '', { key: null, body: { email: ada.email, password: userPassword } })
  await call('renewRecoveryCodes', '', { ...ada, body: { currentPassword } })
  await call('removeTotp', '', { ...ada, body: { currentPassword } })
  const passkey = new Authenticator(world.url)
  type Options = { options: Record<string, unknown> }
  const added = await call('beginPasskey', '', { ...ada, body: { currentPassword } })
  const { options } = added.body as unknown as Options
  const response = passkey.register(options)
  await call('addPasskey', '', { ...ada, body: { name: 'Laptop', response } })
  const challenge = (await call('beginPasskeySignIn', '', { key: null })).body as unknown as Options
  await call('beginPasskeySignIn', '', { key: null, body: { surprise: 1 } })
  for (const answer of [passkey.sign(challenge.options), {}]) {
    await call('signInByPasskey', '', { key: null, body: { response: answer } })
  }
  const account = (await call('readAccount', '', ada)).body as unknown as Account
  await call('removePasskey', account.passkeys[0]?.id ?? '', ada)
  await call('endAccountSession', account.sessions.find((each) => !each.isCurrent)?.id ?? '', ada)
  await call('endOtherSessions', '', ada)
  await call('changePassword', '', { ...ada, body: { currentPassword, password: `${currentPassword} anew` } })
  await call('resetSecondFactor', again.id, ada)
  const { id: place } = await world.reseller({ name: 'R of Rob' })
  const rob = await world.user('reseller-admin', place)
  await call('actAsUser', rob.id, { ...ada, body: { mode: 'act' } })
  await call('stopActingAs', '', ada)
  for (const name of ['listAuditEntries', 'verifyAuditLog', 'listAlerts', 'readAlertSettings'] as const)
    await call(name, '')
  await call('editAlertSettings', '', { body: { spacePercent: 80 } })
  const hook = { name: 'Pager', url: 'http://127.0.0.1:1/' }
  const { id: webhook } = (await call('createWebhook', '', { body: hook })).body
  for (const name of ['listWebhooks', 'testWebhook', 'listWebhookDeliveries', 'removeWebhook'] as const)
    await call(name, webhook)
  await call('readRetention', '')
  await call('editRetention', '', { body: { auditDays: 400 } })
  await call('editAccountMails', '', { ...ada, body: { off: ['summary'] } })
  const links = new CredentialHash(world.serverKey, 'unsubscribe-links')
  const url = unsubscribeUrl(links, { consoleUrl: world.url, userId: rob.id, topics: ['space-low'] })
  const token = new URL(url).searchParams.get('token')
  for (const name of ['readUnsubscription', 'unsubscribe'] as const) {
    await call(name, '', { key: null, body: { token } })
    await call(name, '', { key: null, body: { token: 'x' } })
  }
}

async function callProvider(world: ApiWorld, call: Call): Promise<void> {
  await call('readSignInOptions', '', { key: null })
  await call('beginOidcSignIn', '', { key: null })
  await using provider = await startIdentityProvider({ redirectUrl: `${world.url}/sign-in/oidc` })
  await call('readOidcSettings', '')
  const { issuer, clientId, clientSecret } = provider
  await call('editOidcSettings', '', { body: { issuer, clientId, clientSecret } })
  const user = await world.user('server-operator')
  const begun = await call('beginOidcSignIn', '', { key: null })
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { url } = begun.body as unknown as { url: string }
  const query = new URL(await provider.signIn(url, user.email)).search.slice(1)
  for (const sent of [query, 'state=made-up']) {
    await call('signInByOidc', '', { key: null, body: { query: sent }, headers: { cookie } })
  }
}

async function callUsers(
  world: ApiWorld,
  place: string,
  mailServer: MailServer,
  call: (
    name: RouteName,
    id: string,
    options?: Parameters<ApiWorld['call']>[2],
  ) => Promise<Answer<{ id: string }>>,
): Promise<void> {
  const bea = { name: 'Bea', email: 'bea@customer.example', role: 'customer-operator', place }
  const user = (await call('inviteUser', '', { body: bea })).body.id
  for (const name of ['listUsers', 'readUser', 'resendInvitation', 'activateUser'] as const)
    await call(name, user)
  await call('editUser', user, { body: { role: 'customer-admin' } })
  await world.runJobs()
  const token = new URL(mailServer.to(bea.email).links[0] ?? '').searchParams.get('token')
  for (const wrong of [token, 'wrong']) {
    await call('readOneTimeLink', '', { key: null, body: { token: wrong } })
    const body = { token: wrong, password: 'correct horse battery' }
    await call('setPasswordByLink', '', { key: null, body })
  }
  for (const options of [{ body: { email: bea.email } }, { body: {} }]) {
    await call('requestPasswordReset', '', { key: null, ...options })
  }
  await call('deactivateUser', user)
  await call('deleteUser', user)
}

async function undelete(
  world: ApiWorld,
  call: (
    name: RouteName,
    id: string,
    options?: Parameters<ApiWorld['call']>[2],
  ) => Promise<Answer<{ id: string; items?: { id: string }[] }>>,
  clients: [string, string],
): Promise<void> {
  const [first, second] = clients
  for (const client of clients)
    await plantTrashedVersion(world.database, client, world.clock.now() + 1_000_000)
  const { body } = await call('listDeletions', '')
  const [newest] = body.items ?? []
  assert.ok(newest)
  await call('readDeletion', newest.id)
  for (const name of ['readServerProtection', 'readResellerProtection', 'readCustomerProtection'] as const)
    await call(
      name,
      name === 'readCustomerProtection' ? await customerOf(world, first) : await resellerOf(world, first),
    )
  await call('editServerProtection', '', { body: { undeleteDays: 30 } })
  await call('editResellerProtection', await resellerOf(world, first), { body: { trashCounts: true } })
  await call('editCustomerProtection', await customerOf(world, first), { body: { undeleteDays: null } })
  await call('readClientSigns', first)
  await plantWarning(world.database, first)
  for (const name of ['listWarnings', 'listDamage', 'readScrub'] as const) await call(name, '')
  await call('releaseTrash', first, { body: { reason: 'a move' } })
  await call('previewPutBack', first)
  await call('listTrashedVersions', first)
  await call('undeleteVersion', first, { body: { version: plantedVersion } })
  const undeletion = await call('putBackClient', second, { body: { moment: plantedMoment } })
  await call('readUndeletion', undeletion.body.id)
  await call('listUndeletions', '')
  await finishUndeletions(world.database)
  const { id } = await world.client({ id: await customerOf(world, first) }, { clientId: 'gone' })
  await world.send('DELETE', `/api/v1/clients/${id}`)
  const deleted = await world.get<{ items: { id: string }[] }>(`/api/v1/deletions?client=${id}`)
  const purged = await world.client({ id: await customerOf(world, first) }, { clientId: 'purged' })
  await world.send('DELETE', `/api/v1/clients/${purged.id}`)
  const lines = await world.get<{ items: { id: string }[] }>(`/api/v1/deletions?client=${purged.id}`)
  const line = lines.items[0]?.id ?? ''
  for (const twoPersonPurge of [true, false]) {
    await world.send('PATCH', '/api/v1/protection', { twoPersonPurge })
    await call('purgeDeletion', line, { body: { reason: 'asked by law' } })
    if (twoPersonPurge) await call('refusePurge', line)
  }
  await call('undelete', deleted.items[0]?.id ?? '', { body: {} })
}

/** As `runUndeletions` would at the end; what comes before needs a store. */
async function finishUndeletions({ queries }: ApiWorld['database']): Promise<void> {
  await queries.updateTable('undeletions').set({ finished_at: 1, step: 'done' }).execute()
}

async function resellerOf(world: ApiWorld, clientId: string): Promise<string> {
  const customer = await customerOf(world, clientId)
  return (await world.get<{ reseller: { id: string } }>(`/api/v1/customers/${customer}`)).reseller.id
}

async function customerOf(world: ApiWorld, clientId: string): Promise<string> {
  return (await world.get<{ customer: { id: string } }>(`/api/v1/clients/${clientId}`)).customer.id
}

async function setUp(
  world: ApiWorld,
  call: (name: RouteName, id: string, options: Parameters<ApiWorld['call']>[2]) => Promise<unknown>,
): Promise<void> {
  const { newSetupLink } = await import('../../access/access.ts')
  const token = (await newSetupLink(world)).split('=')[1]
  const who = { email: 'ada@example.com', password: 'correct horse battery' }
  await call('setUpAdministrator', '', { key: null, body: { token, name: 'Ada', ...who } })
  await call('setUpAdministrator', '', { key: null, body: { token, name: 'Ada', ...who } })
  await call('signIn', '', { key: null, body: who })
  await call('signIn', '', { key: null, body: { ...who, password: 'wrong' } })
}
