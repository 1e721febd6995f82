import assert from 'node:assert/strict'
import {
  type ApiKeyInput,
  type ProblemBody,
  parseRoleName,
  permits,
  type RoleName,
  type Route,
  type RouteName,
  roleNames,
  routes,
} from '@granary/contract'
import { startMailServer } from '@granary/testing'
import { noteAttempts } from '../clients/note-attempt.ts'
import { newId } from '../platform/new-id.ts'
import { type ApiWorld, type CallOptions, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { plantedMoment, plantedVersion, plantTrashedVersion } from '../test-world/plant-trash.ts'
import { plantWarning } from '../test-world/plant-warning.ts'

/** One branch of the tree: a reseller with a customer with a client, and an API key of the customer. */
interface Branch {
  readonly resellerId: string
  readonly customerId: string
  readonly clientId: string
  readonly apiKeyId: string
  readonly waitingId: string
  /** Of a user of the customer, who has not chosen a password yet */
  readonly userId: string
  readonly webhookId: string
  /** Of a version that lies in the trash */
  readonly deletionId: string
  readonly undeletionId: string
}

/** Signed in as a user, or with a key. */
type Caller = Pick<CallOptions, 'key' | 'headers'>

type RouteWithBody = {
  [Name in RouteName]: (typeof routes)[Name] extends { body: unknown } ? Name : never
}[RouteName]

let made = 0
const unique = (word: string) => {
  made += 1
  return `${word}-${made}`
}

/** A plug-in belongs to nobody: it is there for all of them. */
const plantedPlugin = 'planted'

/** A webhook that answers at once that it is not there. */
const nobodyThere = 'http://127.0.0.1:1/'

/** Programs have no account; what people do with theirs is tested by itself. */
const ofOwnAccount = {
  editAccount: () => ({ name: 'x' }),
  editAccountMails: () => ({ off: ['summary'] }),
  changePassword: () => ({ currentPassword: 'x', password: 'x'.repeat(12) }),
  beginTotp: () => ({ currentPassword: 'x' }),
  confirmTotp: () => ({ code: '000000' }),
  removeTotp: () => ({ currentPassword: 'x' }),
  renewRecoveryCodes: () => ({ currentPassword: 'x' }),
  beginPasskey: () => ({ currentPassword: 'x' }),
  addPasskey: () => ({ name: 'x', response: {} }),
}

/** What each route is called with, aimed at a branch. */
const bodies: Record<RouteWithBody, (branch: Branch, role: RoleName) => Record<string, unknown>> = {
  setUpAdministrator: () => ({}),
  signIn: () => ({}),
  createReseller: () => ({ name: unique('reseller') }),
  editReseller: () => ({ information: { notes: unique('note') } }),
  createCustomer: ({ resellerId }) => ({ name: unique('customer'), reseller: resellerId }),
  editCustomer: () => ({ information: { notes: unique('note') } }),
  createClient: () => ({ clientId: unique('client') }),
  editClient: () => ({ appendOnly: true }),
  admitWaitingClient: ({ customerId }) => ({ customer: customerId }),
  readOneTimeLink: () => ({}),
  setPasswordByLink: () => ({}),
  requestPasswordReset: () => ({}),
  inviteUser: ({ customerId }) => ({
    name: unique('user'),
    email: `${unique('user')}@customer.example`,
    role: 'customer-read-only',
    place: customerId,
  }),
  editUser: () => ({ name: unique('user') }),
  signInByPasskey: () => ({}),
  signInByOidc: () => ({}),
  editOidcSettings: () => ({ label: unique('provider') }),
  ...ofOwnAccount,
  editRetention: () => ({ alertDays: 400 }),
  readUnsubscription: () => ({}),
  unsubscribe: () => ({}),
  editResellerBrand: () => ({ productName: unique('brand') }),
  editServerBrand: () => ({ productName: unique('brand') }),
  editAlertSettings: () => ({ trialDays: 5 }),
  createWebhook: () => ({ name: unique('webhook'), url: nobodyThere }),
  actAsUser: () => ({ mode: 'look' }),
  editMailSettings: () => ({ fromName: unique('sender') }),
  sendTestMail: () => ({ to: 'somebody@customer.example' }),
  moveClient: ({ customerId }) => ({ customer: customerId }),
  addMcals: () => ({ units: 1000 }),
  editSettings: () => ({ trial: { days: 30 } }),
  undelete: () => ({}),
  purgeDeletion: () => ({ reason: 'asked by law' }),
  releaseTrash: () => ({}),
  editResellerProtection: () => ({ undeleteDays: 20 }),
  editCustomerProtection: () => ({ undeleteDays: 20 }),
  editServerProtection: () => ({ undeleteDays: 20 }),
  putBackClient: () => ({ moment: plantedMoment }),
  undeleteVersion: () => ({ version: plantedVersion }),
  createPlugin: () => ({ key: unique('plugin'), name: unique('plugin'), monthlyUnits: 1 }),
  editPlugin: () => ({ monthlyUnits: 2 }),
  createApiKey: ({ customerId }) =>
    ({ name: unique('key'), role: 'customer-read-only', place: customerId }) satisfies ApiKeyInput,
}

/** They change who is asking, and have tests of their own. */
const apart: readonly RouteName[] = ['actAsUser', 'stopActingAs']

/** Routes whose body says what they are aimed at. */
const aimedByBody: readonly RouteName[] = ['createCustomer', 'createApiKey', 'inviteUser']

/** Routes after which their target is gone. */
const takesAway: readonly RouteName[] = [
  'deleteReseller',
  'deleteCustomer',
  'refusePurge',
  'deleteClient',
  'admitWaitingClient',
  'moveClient',
  'revokeApiKey',
  'resendInvitation',
  'resetSecondFactor',
  'deleteUser',
  'removeWebhook',
  'revokeApiKey',
  'removePlugin',
  'undelete',
  'putBackClient',
  'undeleteVersion',
  'releaseTrash',
]

onEachDatabase(
  'every route × every role × own and foreign place answers as the table says',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mailServer = await startMailServer()
    await world.setUpMail(mailServer)
    const own = await plant(world)
    const foreign = await plant(world)
    const callers: { role: RoleName; as: Caller }[] = []
    for (const role of roleNames) {
      callers.push({ role, as: { key: await world.key(role, placeOf(role, own)) } })
      // How a session is found does not differ between the databases; what it may reach is the same for keys.
      if (place.database.kind === 'postgres') continue
      const isServer = role.startsWith('server-')
      callers.push({ role, as: isServer ? await world.user(role) : await lookingAs(world, role, own) })
    }

    let tried = 0
    for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
      if (route.access === 'public' || apart.includes(name)) continue
      if (route.access === 'user') {
        for (const { as } of callers.filter((caller) => caller.as.key !== null)) {
          const body = bodyOf(name, own, 'server-admin')
          await world.refused('not-permitted', route.method, addressOf(name, route, own), { ...as, body })
        }
        continue
      }
      for (const { role, as } of callers) {
        for (const branch of [own, foreign]) {
          const isSeen = branch === own || role.startsWith('server-')
          // Who signs out is gone: that is done by somebody else of the same role.
          const endsItself = name === 'signOut' && as.key === null
          const caller = endsItself ? await world.user(role, placeOf(role, own)) : as
          await tryRoute(world, { name, route, role, as: caller, branch, foreign, isSeen })
          tried += 1
        }
      }
    }
    const guarded = Object.values(routes).filter(
      ({ access }: Route) => access !== 'public' && access !== 'user',
    )
    assert.equal(tried, (guarded.length - apart.length) * callers.length * 2)
  },
)

onEachDatabase(
  'nobody, a made-up key and a revoked key get in nowhere but at the public routes',
  async (place) => {
    await using world = await startApiWorld(place)
    const branch = await plant(world)
    const { id, key } = await world.send<{ id: string; key: string }>('POST', '/api/v1/api-keys', {
      name: 'short-lived',
      role: 'server-admin',
    })
    await world.send('DELETE', `/api/v1/api-keys/${id}`)
    for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
      const path = addressOf(name, route, branch)
      const body = bodyOf(name, branch, 'server-admin')
      if (route.access === 'public') {
        const answer = await world.call(route.method, path, { key: null, body })
        assert.notEqual(answer.status, 401, name)
        continue
      }
      await world.refused('not-signed-in', route.method, path, { key: null, body })
      await world.refused('api-key-invalid', route.method, path, { key, body })
      await world.refused('api-key-invalid', route.method, path, { key: `granary_${'A'.repeat(32)}`, body })
      await world.refused('not-signed-in', route.method, path, {
        key: null,
        body,
        headers: { cookie: 'granary_session=forged', 'sec-fetch-site': 'same-origin' },
      })
    }
  },
)

async function tryRoute(
  world: ApiWorld,
  call: {
    name: RouteName
    route: Route
    role: RoleName
    as: Caller
    branch: Branch
    foreign: Branch
    isSeen: boolean
  },
): Promise<void> {
  const { name, route, role, as, foreign, isSeen } = call
  const mayCall = typeof route.access === 'string' || permits(route.access, parseRoleName(role))
  const isAimed = route.path.includes(':id') || aimedByBody.includes(name)
  const succeeds = mayCall && (isSeen || !isAimed)
  // A target of its own, beside the branch, for what would otherwise take the branch away.
  const target =
    succeeds && takesAway.includes(name) ? await plantBeside(world, call.branch, name) : call.branch
  const auditedBefore = await auditEntries(world)
  const answer = await world.call<ProblemBody>(route.method, addressOf(name, route, target), {
    ...as,
    body: bodyOf(name, target, role),
  })
  const said = `${name} as ${role} (${as.key === null ? 'user' : 'key'}) at ${isSeen ? 'its own place' : 'a foreign place'}: ${JSON.stringify(answer.body)}`
  const audited = (await auditEntries(world)) - auditedBefore
  assert.equal(audited, succeeds && route.auditEvent ? 1 : 0, said)
  if (!mayCall) {
    assert.equal(answer.status, 403, said)
    assert.equal(answer.body.code, 'not-permitted', said)
  } else if (succeeds) {
    assert.equal(answer.status, route.status, said)
  } else {
    assert.equal(answer.status, 404, said)
    const notFound = /^(reseller|customer|client|waiting-client|api-key|user|deletion|undeletion)-not-found$/
    assert.match(answer.body.code, notFound, said)
  }
  if (!role.startsWith('server-')) {
    const text = JSON.stringify(answer.body)
    for (const id of Object.values(foreign)) assert.ok(!text.includes(id), `${said} shows ${id}`)
  }
}

function placeOf(role: RoleName, branch: Branch): string | undefined {
  const { level } = parseRoleName(role)
  if (level === 'server') return undefined
  return level === 'reseller' ? branch.resellerId : branch.customerId
}

function addressOf(name: RouteName, route: Route, branch: Branch): string {
  const query = name === 'previewPutBack' ? `?moment=${plantedMoment}` : ''
  return pathOf(name, route, branch) + query
}

function pathOf(name: RouteName, route: Route, branch: Branch): string {
  return route.path.replace(':id', () => {
    if (route.tag === 'Resellers') return branch.resellerId
    if (route.tag === 'Licences') return plantedPlugin
    if (route.tag === 'API keys') return branch.apiKeyId
    if (route.tag === 'Account') return 'own'
    if (route.tag === 'Users') return branch.userId
    if (route.tag === 'Alerts') return branch.webhookId
    if (route.path.startsWith('/api/v1/deletions')) return branch.deletionId
    if (route.path.startsWith('/api/v1/undeletions')) return branch.undeletionId
    if (route.tag === 'Customers' || route.path.startsWith('/api/v1/customers')) return branch.customerId
    if (route.path.startsWith('/api/v1/clients')) return branch.clientId
    if (route.tag === 'Waiting room') return branch.waitingId
    throw new Error(`Nothing says what ${name} is aimed at`)
  })
}

function bodyOf(name: RouteName, branch: Branch, role: RoleName): unknown {
  return name in bodies ? bodies[name as RouteWithBody](branch, role) : undefined
}

async function plant(world: ApiWorld): Promise<Branch> {
  const reseller = await world.reseller({ name: unique('reseller') })
  return plantUnder(world, reseller.id)
}

async function plantUnder(world: ApiWorld, resellerId: string): Promise<Branch> {
  const customer = await world.customer({ name: unique('customer'), reseller: resellerId })
  return { resellerId, customerId: customer.id, ...(await plantIn(world, customer.id)) }
}

async function plantIn(
  world: ApiWorld,
  customerId: string,
): Promise<Omit<Branch, 'resellerId' | 'customerId'>> {
  await plantPlugin(world)
  const client = await world.client({ id: customerId }, { clientId: unique('client') })
  const apiKey = await world.send<{ id: string }>('POST', '/api/v1/api-keys', {
    name: unique('key'),
    role: 'customer-operator',
    place: customerId,
  })
  const webhook = { name: unique('webhook'), url: nobodyThere }
  const { id: webhookId } = await world.send<{ id: string }>('POST', '/api/v1/webhooks', webhook)
  const user = await world.send<{ id: string }>('POST', '/api/v1/users', {
    name: unique('user'),
    email: `${unique('user')}@customer.example`,
    role: 'customer-operator',
    place: customerId,
  })
  await noteAttempts(world)({
    customerId,
    clientId: unique('waiting'),
    secretHash: Buffer.alloc(32),
    reason: 'auto-authorization-off',
    address: '192.0.2.1',
  })
  const waiting = await world.get<{ items: { id: string }[] }>(`/api/v1/waiting-room?customer=${customerId}`)
  const ids = { clientId: client.id, apiKeyId: apiKey.id, userId: user.id, webhookId }
  const { deletionId, undeletionId } = await plantTrash(world, client.id)
  return { ...ids, waitingId: waiting.items[0]?.id ?? '', deletionId, undeletionId }
}

/** Refused where it is there already. */
async function plantPlugin(world: ApiWorld): Promise<void> {
  const body = { key: plantedPlugin, name: plantedPlugin, monthlyUnits: 1 }
  await world.call('POST', '/api/v1/plugins', { body })
}

/** A version that was removed, and one that was brought back before. */
async function plantTrash(
  world: ApiWorld,
  clientId: string,
): Promise<Pick<Branch, 'deletionId' | 'undeletionId'>> {
  const { queries } = world.database
  const until = world.clock.now() + 1_000_000
  const { vaultNo: vault_no } = await plantTrashedVersion(world.database, clientId, until)
  const list = await world.get<{ items: { id: string }[] }>(`/api/v1/deletions?client=${clientId}`)
  const undeletionId = newId('undeletion')
  const now = world.clock.now()
  const place = await queries
    .selectFrom('clients')
    .innerJoin('customers', 'customers.id', 'clients.customer_id')
    .select(['clients.id as client_id', 'customers.id as customer_id', 'customers.reseller_id'])
    .where('clients.id', '=', clientId)
    .executeTakeFirstOrThrow()
  await queries
    .insertInto('undeletions')
    .values({
      ...{ id: undeletionId, kind: 'moment', deletion_id: null, name: 'before', vault_no, ...place },
      ...{ moment: 1, added: 'keep', version: null, actor: 'user:x', actor_name: 'x', address: '' },
      ...{ asked_at: now, step: 'done', at_type: null, after_name: null, removal_id: null, held_bytes: 0 },
      ...{ objects: 0, bytes: 0, restored_objects: 0, restored_bytes: 0, removed_objects: 0 },
      ...{ removed_bytes: 0, verified_objects: 0, damaged_objects: 0, finished_at: now },
    })
    .execute()
  return { deletionId: list.items[0]?.id ?? '', undeletionId }
}

/** Somebody asked for a purge of it, and a second person has to agree. */
async function plantPurge({ database, clock }: ApiWorld, deletionId: string): Promise<void> {
  await database.queries
    .updateTable('deletions')
    .set({
      ...{ purge_asked_by: 'user:x', purge_asked_name: 'x', purge_asked_at: clock.now() },
      ...{ purge_reason: 'asked by law', purge_approved: 0 },
    })
    .where('id', '=', deletionId)
    .execute()
}

/** An administrator of the server who acts as a user of the branch. */
async function lookingAs(world: ApiWorld, role: RoleName, branch: Branch): Promise<Caller> {
  const [administrator, lower] = [
    await world.user('server-admin'),
    await world.user(role, placeOf(role, branch)),
  ]
  await world.send('POST', `/api/v1/users/${lower.id}/act-as`, { mode: 'act' }, administrator)
  return administrator
}

/** Something that only the call in question may take away, seen by the same roles as the branch. */
async function plantBeside(world: ApiWorld, branch: Branch, name: RouteName): Promise<Branch> {
  // A client of another customer under the same reseller, on its way to the branch's.
  if (name === 'moveClient')
    return { ...(await plantUnder(world, branch.resellerId)), customerId: branch.customerId }
  if (name === 'removePlugin') await plantPlugin(world)
  if (name === 'deleteReseller') return plant(world)
  if (name === 'deleteCustomer') return plantUnder(world, branch.resellerId)
  const beside = await plantIn(world, branch.customerId)
  if (name === 'refusePurge') await plantPurge(world, beside.deletionId)
  if (name === 'releaseTrash') await plantWarning(world.database, beside.clientId)
  return { ...branch, ...beside }
}

/** What was changed stands there; what was refused does not. */
async function auditEntries(world: ApiWorld): Promise<number> {
  const head = await world.database.queries
    .selectFrom('audit_head')
    .select('entries')
    .executeTakeFirstOrThrow()
  return head.entries
}
