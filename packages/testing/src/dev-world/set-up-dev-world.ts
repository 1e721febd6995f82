import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  type ClientWithSecret,
  clientWithSecret,
  type InvitedUser,
  type ResellerDetails,
} from '@granary/contract'
import { runProgram } from '../tools/run-program.ts'
import { type DevServer, granaryProgram } from './dev-server.ts'
import { customers, machines, reseller } from './machines.ts'

/** What a dev world remembers between its starts. */
export interface DevWorld {
  readonly apiKey: string
  /** By name */
  readonly customers: Readonly<Record<string, { readonly id: string; readonly urlKey: string }>>
  readonly clients: readonly ClientWithSecret[]
}

const password = 'four random words here'
const people = [
  { name: 'Ada Lovelace', email: 'ada@granary.example', role: 'server-admin', place: 'the server' },
  { name: 'Rob Reseller', email: 'rob@granary.example', role: 'reseller-admin', place: reseller },
  { name: 'Bea Baker', email: 'bea@granary.example', role: 'customer-admin', place: 'Bakery Huber' },
  { name: 'Otto Observer', email: 'otto@granary.example', role: 'customer-read-only', place: 'Bakery Huber' },
] as const
const administrator = people[0]

/** Who can sign in, for the terminal. */
export function signIns(url: string): string {
  const lines = people.map(({ email, role, place }) => `  ${email.padEnd(22)} ${role} of ${place}`)
  return [`Sign in at ${url} with the password “${password}”:`, ...lines].join('\n')
}

/** Adds, at the first start, who can sign in and the tenants whose machines are alive; by the API, as people would. */
export async function setUpDevWorld({ dataFolder, url }: DevServer): Promise<DevWorld> {
  const file = path.join(dataFolder, 'dev-world.json')
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8'))
  await setUpAdministrator(dataFolder, url)
  const args = ['api-key', 'create', '--name', `npm run dev`, '--role', 'server-admin']
  const apiKey = (await runGranary(dataFolder, args)).trim()
  const api = devApi(url, apiKey)
  const at = await api<ResellerDetails>('POST', '/api/v1/resellers', { name: reseller })
  const made: Record<string, { id: string; urlKey: string }> = {}
  for (const customer of customers) {
    made[customer.name] = await api('POST', '/api/v1/customers', {
      ...customer,
      reseller: at.id,
      state: 'active',
    })
  }
  const clients: ClientWithSecret[] = []
  for (const { customer, clientId, kind, space } of machines) {
    const place = `/api/v1/customers/${made[customer]?.id}/clients`
    clients.push(clientWithSecret.parse(await api('POST', place, { clientId, kind, space })))
  }
  for (const { name, email, role, place } of people.slice(1)) {
    const input = { name, email, role, place: place === reseller ? at.id : made[place]?.id }
    const { link } = await api<InvitedUser>('POST', '/api/v1/users', input)
    const token = new URL(link ?? '').searchParams.get('token')
    await api('POST', '/api/v1/one-time-link/password', { token, password })
  }
  const world = { apiKey, customers: made, clients }
  // Whole or not at all: Ctrl+C may come at any time.
  await writeFile(`${file}.new`, JSON.stringify(world, null, 2), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return world
}

/** By a link of `granary admin reset`; the server, at its first start, may make one of its own just after it. */
async function setUpAdministrator(dataFolder: string, url: string): Promise<void> {
  const { name, email } = administrator
  for (let tries = 0; tries < 3; tries += 1) {
    const said = await runGranary(dataFolder, ['admin', 'reset'])
    const token = /\/setup\?token=(\S+)/.exec(said)?.[1]
    const answer = await fetch(new URL('/api/v1/setup', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ token, name, email, password }),
    })
    if (answer.ok) return
  }
  throw new Error('The administrator of the dev world could not be set up.')
}

async function runGranary(dataFolder: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, GRANARY_DATA: dataFolder }
  return (await runProgram(process.execPath, [granaryProgram, ...args], { env })).stdout
}

export type DevApi = <Answer>(method: string, place: string, body?: unknown) => Promise<Answer>

/** Calls of the API as an administrator. @throws when they are refused */
export function devApi(url: string, apiKey: string): DevApi {
  return async <Answer>(method: string, place: string, body?: unknown) => {
    const response = await fetch(new URL(place, url), {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        origin: url,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${place}: ${response.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as Answer
  }
}
