import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import {
  basicAuthorization,
  rawRequest,
  repositoryAddress,
  restServerBinary,
  startWorld,
  temporaryFolder,
} from '@granary/testing'
import type { LoadTarget } from './load/load-job.ts'

/** An empty repository on a server under measurement, as the load process and as restic address it. */
interface BenchVault {
  readonly target: LoadTarget
  readonly repository: string
}

/** A server under measurement. Both keep their data in the machine's temp folder, and so on the same disk. */
export interface Contender extends AsyncDisposable {
  readonly name: ContenderName
  readonly processId: number
  newVault(): Promise<BenchVault>
}

export const contenderNames = ['rest-server', 'Granary'] as const
export type ContenderName = (typeof contenderNames)[number]

export function startContender(name: ContenderName): Promise<Contender> {
  return name === 'Granary' ? startGranaryContender() : startRestServer()
}

/** Granary as `granary serve` starts it: SQLite, everything durable, one worker per core. */
async function startGranaryContender(): Promise<Contender> {
  const world = await startWorld()
  const customer = await world.customer()
  return {
    name: 'Granary',
    processId: world.processId,
    async newVault() {
      const client = await world.client(customer)
      const { pathname, port } = new URL(client.vaultUrl)
      const authorization = basicAuthorization(client.clientId, client.secret)
      const target = { port: Number(port), path: pathname, authorization }
      await createRepository(target)
      return { target, repository: repositoryAddress(client) }
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

/**
 * restic-rest-server as a provider would run it: private repositories behind passwords. Their hashes are of
 * the cheapest kind it knows, so that its measure is not the time of bcrypt.
 */
async function startRestServer(): Promise<Contender> {
  const program = await restServerBinary()
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder('rest-server'))
  const [user, password] = ['bench', randomBytes(16).toString('hex')]
  const passwords = path.join(folder.path, 'htpasswd')
  await writeFile(passwords, `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}\n`)
  const server = spawn(
    program,
    ['--path', path.join(folder.path, 'data'), '--listen', '127.0.0.1:0'].concat(
      '--private-repos',
      '--htpasswd-file',
      passwords,
    ),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  resources.defer(async () => {
    server.kill('SIGKILL')
    await ended
  })
  const port = await announcedPort(server.stderr)
  const kept = resources.move()
  let vaults = 0
  return {
    name: 'rest-server',
    processId: server.pid ?? 0,
    async newVault() {
      vaults += 1
      const place = `/${user}/vault-${vaults}/`
      const target = { port, path: place, authorization: basicAuthorization(user, password) }
      await createRepository(target)
      return { target, repository: `rest:http://${user}:${password}@127.0.0.1:${port}${place}` }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function announcedPort(log: NodeJS.ReadableStream): Promise<number> {
  const lines = createInterface({ input: log })
  let said = ''
  for await (const line of lines) {
    said += `${line}\n`
    const port = /127\.0\.0\.1:([1-9]\d*)/.exec(line)?.[1]
    if (port) {
      lines.close()
      log.resume()
      return Number(port)
    }
  }
  throw new Error(`rest-server ended instead of listening:\n${said}`)
}

async function createRepository(target: LoadTarget): Promise<void> {
  const { status } = await rawRequest(`http://127.0.0.1:${target.port}`, `${target.path}?create=true`, {
    method: 'POST',
    headers: { authorization: target.authorization },
  })
  if (status !== 200) throw new Error(`Creating a repository at ${target.path} was answered with ${status}.`)
}
