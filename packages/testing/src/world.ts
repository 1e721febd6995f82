import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type Client,
  type ClientInput,
  type ClientWithSecret,
  type CustomerDetails,
  type CustomerInput,
  clientWithSecret,
  customerDetails,
  type ProblemBody,
} from '@granary/contract'
import {
  type GranaryProcess,
  type GranarySettings,
  granaryEnvironment,
  granaryProgram,
  startGranary,
} from './granary-process.ts'
import { removeOnExit } from './leave-nothing-behind.ts'
import { changeDatabase, queryDatabase } from './query-database.ts'
import { realDisk } from './quick-folder.ts'
import { basicAuthorization, type RawRequest, type RawResponse, rawRequest } from './raw-request.ts'
import { type ResticOptions, repositoryAddress, runRestic } from './restic.ts'
import { copyStarted } from './templates.ts'
import { createTestDatabase } from './test-database.ts'
import { type ProgramResult, runProgram } from './tools/run-program.ts'
import { readIncomingFiles, readVaultFolder, type VaultFolder } from './vault-files.ts'

export interface WorldOptions {
  /** SQLite by default. */
  readonly database?: 'sqlite' | 'postgres'
  /** An existing PostgreSQL, in place of an empty one that goes with the world. */
  readonly databaseUrl?: string
  readonly workers?: number
  /** Storage locations besides the data folder's: `archive=/mnt/big,…` */
  readonly storage?: string
  /** A folder that stays when the world goes; by default a temporary one. */
  readonly dataDir?: string
  /** Its administrator is set up and signed in, where this run has templates; on SQLite only. */
  readonly signedIn?: boolean
  /** Keeps a temporary folder out of memory, for what is about kills and flushes. */
  readonly onDisk?: boolean
}

/** The API answered with a problem. */
export class ApiProblemError extends Error {
  override readonly name = 'ApiProblemError'
  readonly status: number
  readonly problem: ProblemBody
  constructor(request: string, status: number, problem: ProblemBody) {
    super(`${request}: ${status} ${JSON.stringify(problem)}`)
    this.status = status
    this.problem = problem
  }
}

/** A whole Granary of its own for one test: the real server on a free port, with its own data and an API key. */
export interface World extends AsyncDisposable {
  /** `http://127.0.0.1:port`; stays the same over restarts. */
  readonly url: string
  readonly dataFolder: string
  /** `postgres://…`; undefined on SQLite. */
  readonly databaseUrl: string | undefined
  /** Of a server admin. */
  readonly apiKey: string
  /** Of the server's primary process. */
  readonly processId: number
  /** What the server has written to stderr since its last start. */
  log(): string
  /**
   * Calls the API as a server admin.
   * @param path from the root on: `/api/v1/customers`
   * @throws {ApiProblemError} when it answers with a problem
   */
  api<Answer>(method: string, path: string, body?: unknown): Promise<Answer>
  /** Adds a customer; without a name it gets one of its own. */
  customer(input?: Partial<CustomerInput>): Promise<CustomerDetails>
  /** Adds a client; without an ID it gets one of its own. */
  client(customer: { readonly id: string }, input?: Partial<ClientInput>): Promise<ClientWithSecret>
  /** Runs stock restic on a client's vault. */
  restic(client: ClientWithSecret, args: readonly string[], options?: ResticOptions): Promise<ProgramResult>
  /** One request to a client's vault with its credentials; `place` is `data/73f0…`, `config` or `?create=true`. */
  vault(client: ClientWithSecret, place: string, request: RawRequest): Promise<RawResponse>
  /** Waits until the server has written a line like this to stdout; null when it ends first. */
  said(pattern: RegExp): Promise<RegExpExecArray | null>
  /** Runs `granary` on the server's data. @param env what is set besides */
  granary(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<ProgramResult>
  /** What the server's database answers, asked past the server. */
  query<Row>(sql: string): Promise<Row[]>
  /** Changes the server's database past the server. */
  change(sql: string): Promise<void>
  /** What a client's vault holds on disk, read past the server. */
  vaultOnDisk(client: Pick<Client, 'clientId'>): Promise<VaultFolder>
  /** Files of uploads that have not ended, of all vaults. */
  incomingFiles(): Promise<string[]>
  /** Bytes on disk of all vaults, or of one client's. */
  usedBytesOnDisk(client?: Pick<Client, 'clientId'>): Promise<number>
  /**
   * Starts another server on the same PostgreSQL, with a folder and an address of its own; it goes with this world.
   * What is stored at one of them is not at the other: they share tenants, limits and licences, no object store.
   * @returns its address
   */
  anotherServer(): Promise<string>
  /** Stops it gracefully where it runs, and starts it on the same data and port. */
  restart(): Promise<void>
  stop(): Promise<void>
  /** SIGKILL to the server and all its workers; `restart` brings it back. */
  killHard(): Promise<void>
}

/**
 * Starts a world of its own for one test. Hold it by `await using`: nothing is left behind, however it ends.
 * @throws with what the server wrote to stderr when it does not start
 */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  await using resources = new AsyncDisposableStack()
  const parent = options.onDisk ? realDisk() : tmpdir()
  const dataFolder = options.dataDir ?? (await temporaryFolder(resources, parent))
  // A folder or a database of the caller's is taken as it is.
  const isNew = options.dataDir === undefined && options.databaseUrl === undefined
  const template = options.signedIn ? 'signed-in' : 'started'
  const keyBefore = isNew ? await copyStarted(dataFolder, options.database ?? 'sqlite', template) : undefined
  const isEmptyPostgres = options.database === 'postgres' && options.databaseUrl === undefined
  const database = isEmptyPostgres
    ? resources.use(await createTestDatabase(keyBefore ? 'started' : undefined))
    : undefined
  const databaseUrl = options.databaseUrl ?? database?.url
  const settings: GranarySettings = {
    dataFolder,
    listen: '127.0.0.1:0',
    ...(databaseUrl && { databaseUrl }),
    ...(options.workers && { workers: options.workers }),
    ...(options.storage && { storage: options.storage }),
  }
  let server: GranaryProcess | undefined = await startGranary(settings)
  resources.defer(async () => server?.killHard())
  const { url } = server
  const apiKey = keyBefore ?? (await createApiKey(settings))
  const running = () => {
    if (!server) throw new Error('The server of this world is stopped; call restart().')
    return server
  }
  const objectsFolder = path.join(dataFolder, 'objects')
  let customersMade = 0
  let clientsMade = 0

  const kept = resources.move()
  const world: World = {
    url,
    dataFolder,
    databaseUrl,
    apiKey,
    get processId() {
      return running().processId
    },
    log: () => running().log(),
    said: (pattern) => running().said(pattern),
    async api<Answer>(method: string, place: string, body?: unknown) {
      const response = await fetch(new URL(place, url), {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const answer = text === '' ? undefined : JSON.parse(text)
      if (!response.ok) throw new ApiProblemError(`${method} ${place}`, response.status, answer)
      return answer as Answer
    },
    async customer(input = {}) {
      customersMade += 1
      const body = { name: `Customer ${customersMade}`, ...input }
      return customerDetails.parse(await world.api('POST', '/api/v1/customers', body))
    },
    async client(customer, input = {}) {
      clientsMade += 1
      const body = { clientId: `machine-${clientsMade}`, ...input }
      return clientWithSecret.parse(await world.api('POST', `/api/v1/customers/${customer.id}/clients`, body))
    },
    restic: (client, args, resticOptions) => runRestic(repositoryAddress(client), args, resticOptions),
    vault(client, place, request) {
      const { origin, pathname } = new URL(client.vaultUrl)
      const authorization = basicAuthorization(client.clientId, client.secret)
      return rawRequest(origin, `${pathname}${place}`, {
        ...request,
        headers: { authorization, ...request.headers },
      })
    },
    granary(args, env = {}) {
      const surroundings = granaryEnvironment({ ...settings, listen: new URL(url).host })
      return runProgram(process.execPath, [granaryProgram, ...args], { env: { ...surroundings, ...env } })
    },
    query: (sql) => queryDatabase(settings, sql),
    change: (sql) => changeDatabase(settings, sql),
    vaultOnDisk: (client) => readVaultFolder(objectsFolder, client.clientId),
    incomingFiles: () => readIncomingFiles(objectsFolder),
    async usedBytesOnDisk(client) {
      if (client) return (await world.vaultOnDisk(client)).bytes
      const { items } = await world.api<{ items: { id: string }[] }>('GET', '/api/v1/customers?limit=500')
      let bytes = 0
      for (const customer of items) {
        const list = `/api/v1/customers/${customer.id}/clients?limit=500`
        const clients = await world.api<{ items: Client[] }>('GET', list)
        for (const one of clients.items) bytes += (await world.vaultOnDisk(one)).bytes
      }
      return bytes
    },
    async anotherServer() {
      if (!databaseUrl) throw new Error('Only on PostgreSQL can several servers share a database.')
      const folder = await temporaryFolder(kept, parent)
      await copyFile(path.join(dataFolder, 'server.key'), path.join(folder, 'server.key'))
      const other = await startGranary({ ...settings, dataFolder: folder, listen: '127.0.0.1:0' })
      kept.defer(() => other.killHard())
      return other.url
    },
    async stop() {
      await running().stop()
      server = undefined
    },
    async killHard() {
      await running().killHard()
      server = undefined
    },
    async restart() {
      if (server) await world.stop()
      server = await startGranary({ ...settings, listen: new URL(url).host })
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
  return world
}

async function temporaryFolder(resources: AsyncDisposableStack, parent: string): Promise<string> {
  const folder = await mkdtemp(path.join(parent, 'granary-world-'))
  const isGone = removeOnExit({ folder })
  resources.defer(async () => {
    await rm(folder, { recursive: true, force: true })
    isGone()
  })
  return folder
}

async function createApiKey(settings: GranarySettings): Promise<string> {
  const args = [granaryProgram, 'api-key', 'create', '--name', 'tests', '--role', 'server-admin']
  const { stdout } = await runProgram(process.execPath, args, { env: granaryEnvironment(settings) })
  return stdout.trim()
}
