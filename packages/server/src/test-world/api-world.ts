import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type ClientWithSecret,
  type CustomerDetails,
  type ProblemBody,
  type ProblemCode,
  parseRoleName,
  type ResellerDetails,
  type RoleName,
} from '@granary/contract'
import type { VaultLocation } from '@granary/object-store'
import { cheapPasswordHash, type MailServer, rawRequest } from '@granary/testing'
import pino from 'pino'
import { CredentialHash, createApiKey, wholeServer } from '../access/access.ts'
import { beginSession } from '../access/session-store.ts'
import { admitClients } from '../clients/admit-client.ts'
import { ClientAuthentication } from '../clients/authenticate-client.ts'
import { noteAttempts } from '../clients/note-attempt.ts'
import { readTrustedProxies } from '../config.ts'
import { createApi } from '../create-api.ts'
import { createJobs } from '../create-jobs.ts'
import { ensureDefaults } from '../customers/customers.ts'
import { noteWindowsTime } from '../deletions/windows-time.ts'
import { Licences } from '../licences/draw-licence.ts'
import type { Database } from '../platform/database/database.ts'
import { TrustedProxies } from '../platform/http/trusted-proxies.ts'
import { newId } from '../platform/new-id.ts'
import { loadServerKey, type ServerKey } from '../platform/server-key.ts'
import { Quotas } from '../quotas/reserve-bytes.ts'
import { openStorage, registerLocations } from '../storage/storage.ts'
import { ContentJournal } from '../vaults/content-journal.ts'
import { ObjectLedger } from '../vaults/object-ledger.ts'
import { ResticRoutes } from '../vaults/restic-routes.ts'
import { vaultPrefix } from '../vaults/vault-address.ts'
import type { TestPlace } from './on-each-database.ts'

export interface Answer<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export interface CallOptions {
  readonly body?: unknown
  /** Null: nobody */
  readonly key?: string | null
  readonly headers?: Record<string, string>
}

/** A user at a browser: pass it on as the options of a call. */
interface SignedInUser {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly key: null
  readonly headers: { readonly cookie: string; readonly 'sec-fetch-site': 'same-origin' }
}

/** What every user of these tests signs in with. */
export const userPassword = 'four random words here'
const userPasswordHash = cheapPasswordHash(userPassword)

/** The real API and the vaults on a real database and a real port, with a clock of their own, for one test. */
export interface ApiWorld extends AsyncDisposable {
  readonly url: string
  readonly database: Database
  readonly serverKey: ServerKey
  /** Of a server admin */
  readonly adminKey: string
  /** The server's time; tests may move it on. */
  readonly clock: { now(): number; advance(ms: number): void }
  /** Advances the clock as a server sees it that is at work meanwhile: undelete windows end as time passes. */
  letPass(ms: number): Promise<void>
  /** Lines of the server's log, errors only */
  readonly log: readonly { msg: string; err?: { message: string } }[]
  call<Body = unknown>(method: string, path: string, options?: CallOptions): Promise<Answer<Body>>
  /** Like `call`, where success is expected. */
  get<Body>(path: string, options?: CallOptions): Promise<Body>
  send<Body>(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Body>
  /** Expects a problem. */
  refused(code: ProblemCode, method: string, path: string, options?: CallOptions): Promise<ProblemBody>
  key(role: RoleName, place?: string): Promise<string>
  /** Adds a user and signs them in. */
  user(role: RoleName, place?: string): Promise<SignedInUser>
  /** Does everything the server does by itself that is due. */
  runJobs(): Promise<void>
  /** Sets up mail through a mail server on this machine. */
  setUpMail(server: MailServer): Promise<void>
  reseller(input: Record<string, unknown>): Promise<ResellerDetails>
  customer(input: Record<string, unknown>): Promise<CustomerDetails>
  client(customer: { id: string }, input: Record<string, unknown>): Promise<ClientWithSecret>
}

export async function startApiWorld(
  place: Pick<TestPlace, 'database' | 'dataFolder'>,
  options: {
    consoleFolder?: string
    bodyPatienceMs?: number
    tls?: { certificateFile: string; keyFile: string }
    publicUrl?: string
    trustedProxies?: string
    backUpServer?: () => Promise<void>
    storageLocations?: VaultLocation[]
    /** Instead of one that goes on by itself, too */
    clock?: ApiWorld['clock']
  } = {},
): Promise<ApiWorld> {
  const { database } = place
  const serverKey = await loadServerKey(database, { dataFolder: place.dataFolder, secret: undefined })
  let ahead = 0
  const clock = options.clock ?? {
    now: () => Date.now() + ahead,
    advance(ms: number) {
      ahead += ms
    },
  }
  await ensureDefaults(database, clock)
  const log: { msg: string; err?: { message: string } }[] = []
  const logger = pino({ level: 'error' }, { write: (line: string) => void log.push(JSON.parse(line)) })
  const config = { dataFolder: place.dataFolder, storageLocations: options.storageLocations ?? [] }
  await registerLocations(config, { database, serverKey, clock, log: logger })
  const storage = await openStorage(config, { database, serverKey }, 'test')
  const { store } = storage
  const ledger = new ObjectLedger({ database, store, clock, log: logger })
  const jobs = createJobs(
    {
      ...{ database, store, ledger, copies: [], serverKey, clock, log: logger },
      dataFolder: place.dataFolder,
      storageLocations: storage.locations,
      tls: options.tls,
      ...(options.backUpServer && { backUpServer: options.backUpServer }),
    },
    'test',
  )
  const proxies = new TrustedProxies(readTrustedProxies(options.trustedProxies))
  const api = await createApi({
    database,
    clock,
    serverKey,
    storage,
    log: logger,
    publicUrl: options.publicUrl,
    proxies,
    consoleFolder: options.consoleFolder,
    version: '0.0.0-test',
    copies: [],
    ...(options.bodyPatienceMs !== undefined && { bodyPatienceMs: options.bodyPatienceMs }),
  })
  const hash = (purpose: 'api-keys' | 'client-secrets' | 'sessions') => new CredentialHash(serverKey, purpose)
  const vaults = new ResticRoutes({
    authentication: new ClientAuthentication(
      database,
      hash('client-secrets'),
      admitClients({
        ...{ database, clock },
        hash: hash('client-secrets'),
        noteAttempt: noteAttempts({ database, clock }),
        placeVault: storage.placeVault,
      }),
    ),
    ...{ database, store, ledger, clock, proxies, log: logger },
    quotas: new Quotas(database, 'test'),
    licences: new Licences(database, clock),
    journal: new ContentJournal(database, store),
  })
  const server = createServer((request, response) =>
    request.url?.startsWith(vaultPrefix) ? vaults.handle(request, response) : api.handle(request, response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  async function key(role: RoleName, keyPlace?: string): Promise<string> {
    const made = await database.transaction((transaction) =>
      createApiKey(
        transaction,
        { scope: wholeServer, hash: hash('api-keys'), createdBy: 'test', now: clock.now() },
        { name: role, role, place: keyPlace, expiresAt: null },
      ),
    )
    return made.key
  }

  const sessions = hash('sessions')
  let usersMade = 0

  async function user(role: RoleName, userPlace?: string): Promise<SignedInUser> {
    usersMade += 1
    const { level, role: bare } = parseRoleName(role)
    const [id, name] = [newId('user'), `User ${usersMade}`]
    const row = {
      ...{ id, name, email: `user-${usersMade}@granary.example`, password_hash: userPasswordHash },
      ...{ level, role: bare, created_at: clock.now(), deleted_at: null, last_sign_in_at: null },
      ...{ totp_secret: null, totp_last_step: 0, mails_off: '', language: null },
      reseller_id: level === 'reseller' ? (userPlace ?? null) : null,
      customer_id: level === 'customer' ? (userPlace ?? null) : null,
      state: 'active' as const,
    }
    const { token } = await database.transaction(async (transaction) => {
      await transaction.insertInto('users').values(row).execute()
      return beginSession(transaction, sessions, {
        userId: id,
        address: '127.0.0.1',
        browser: 'test',
        secure: false,
        now: clock.now(),
      })
    })
    const headers = { cookie: `granary_session=${token}`, 'sec-fetch-site': 'same-origin' } as const
    return { id, name, email: row.email, key: null, headers }
  }

  const adminKey = await key('server-admin')

  async function call<Body>(
    method: string,
    path: string,
    callOptions: CallOptions = {},
  ): Promise<Answer<Body>> {
    const { body, key: callKey = adminKey } = callOptions
    const headers: Record<string, string> = {
      ...(callKey !== null && { authorization: `Bearer ${callKey}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...callOptions.headers,
    }
    const content = {
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }
    const response =
      'host' in headers
        ? await askHost(path, { method, headers, ...content })
        : await fetch(url + path, { method, headers, ...content, redirect: 'manual' })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    }
  }

  /** `fetch` says by itself which host it asks. */
  async function askHost(
    path: string,
    { body, ...request }: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<Response> {
    const answer = await rawRequest(url, path, {
      ...request,
      ...(body !== undefined && { body: Buffer.from(body) }),
    })
    const { status } = answer
    return new Response(status === 204 ? null : new Uint8Array(answer.body), {
      status,
      headers: new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
    })
  }

  const world: ApiWorld = {
    url,
    database,
    serverKey,
    adminKey,
    clock,
    log,
    key,
    user,
    call,
    runJobs: () => jobs.runDue(),
    letPass(ms) {
      clock.advance(ms)
      return noteWindowsTime(database.queries, clock.now())
    },
    async setUpMail({ port }) {
      await world.send('PATCH', '/api/v1/settings/mail', {
        host: '127.0.0.1',
        port,
        security: 'none',
        fromAddress: 'backup@provider.example',
        consoleUrl: url,
      })
    },
    get: (path, callOptions) => world.send('GET', path, undefined, callOptions),
    async send<Body>(method: string, path: string, body?: unknown, callOptions?: CallOptions) {
      const answer = await call<Body>(method, path, { ...callOptions, ...(body !== undefined && { body }) })
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      return answer.body
    },
    async refused(code, method, path, callOptions) {
      const answer = await call<ProblemBody>(method, path, callOptions)
      assert.equal(
        answer.body.code,
        code,
        `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`,
      )
      assert.equal(answer.headers.get('content-type'), 'application/problem+json')
      assert.equal(answer.status, answer.body.status)
      return answer.body
    },
    reseller: (input) => world.send('POST', '/api/v1/resellers', input),
    customer: (input) => world.send('POST', '/api/v1/customers', input),
    client: (customer, input) => world.send('POST', `/api/v1/customers/${customer.id}/clients`, input),
    async [Symbol.asyncDispose]() {
      server.close()
      await jobs.close()
      await api.close()
      await vaults.idle()
      await ledger.idle()
      await store.close()
      server.closeAllConnections()
    },
  }
  return world
}
