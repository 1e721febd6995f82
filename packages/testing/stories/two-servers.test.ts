import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import path from 'node:path'
import { test } from 'node:test'
import type { ClientWithSecret, CustomerDetails, LicenceAccount, LicenceDraw, List } from '@granary/contract'
import { basicAuthorization, rawRequest } from '../src/raw-request.ts'
import { type SampleObject, sampleObject } from '../src/sample-object.ts'
import { temporaryFolder } from '../src/sample-tree.ts'
import { readIncomingFiles } from '../src/vault-files.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

/** One object of a client to one of the servers. */
async function store(
  server: string,
  client: ClientWithSecret,
  { place, content }: SampleObject,
): Promise<number> {
  const answer = await rawRequest(server, new URL(client.vaultUrl).pathname + place, {
    method: 'POST',
    headers: { authorization: basicAuthorization(client.clientId, client.secret) },
    body: content,
  })
  return answer.status
}

async function manyClients(world: World, amount: number): Promise<ClientWithSecret[]> {
  const customer = await world.customer()
  const clients: ClientWithSecret[] = []
  for (let n = 0; n < amount; n++) clients.push(await world.client(customer))
  return clients
}

const amounts = (statuses: readonly number[]) => {
  const counted: Record<number, number> = {}
  for (const status of statuses) counted[status] = (counted[status] ?? 0) + 1
  return counted
}

test('two servers on one PostgreSQL: the last MCALs, the last room and a name are given out exactly once', async () => {
  await using world = await startWorld({ database: 'postgres', workers: 1 })
  const servers = [world.url, await world.anotherServer()] as const
  const at = (n: number) => servers[n % 2] ?? world.url

  // 200 clients, the last 50 MCALs.
  const clients = await manyClients(world, 200)
  await world.api('POST', '/api/v1/licences/pool', { units: 50, note: 'the last ones' })
  const drawn = await Promise.all(
    clients.map((client, n) => store(at(n), client, sampleObject(500, client.clientId))),
  )
  assert.deepEqual(amounts(drawn), { 200: 50, 403: 150 })
  const pool = await world.api<LicenceAccount>('GET', '/api/v1/licences')
  assert.deepEqual([pool.usedTillDate, pool.left], [50, 0])
  const history = await world.api<List<LicenceDraw>>('GET', '/api/v1/licences/draws?limit=500')
  assert.deepEqual(
    history.items.map(({ left }) => left.pool),
    Array.from({ length: 50 }, (_, n) => n),
    'each draw left one less than the one before',
  )
  await world.api('DELETE', '/api/v1/licences/pool')

  // 60 uploads of 100 kB, room for 20 of them.
  const limited = await world.customer({ space: { allottedBytes: 2_000_000 } })
  const uploader = await world.client(limited)
  const uploads = await Promise.all(
    Array.from({ length: 60 }, (_, n) => store(at(n), uploader, sampleObject(100_000, `upload ${n}`))),
  )
  assert.deepEqual(amounts(uploads), { 200: 20, 507: 40 })
  const after = await world.api<CustomerDetails>('GET', `/api/v1/customers/${limited.id}`)
  assert.equal(after.space.usedBytes, 2_000_000)

  // One name, one client ID.
  const create = (n: number, path: string, body: object) =>
    fetch(at(n) + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then(({ status }) => status)
  const names = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      create(n, '/api/v1/customers', { name: n % 3 ? 'Bakery' : ' BAKERY ' }),
    ),
  )
  assert.deepEqual(amounts(names), { 201: 1, 409: 39 })
  const ids = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      create(n, `/api/v1/customers/${limited.id}/clients`, { clientId: n % 3 ? 'till-1' : 'TILL-1' }),
    ),
  )
  assert.deepEqual(amounts(ids), { 201: 1, 409: 39 })
})

test('a customer deactivated at one server: the other refuses its next object within a second, restores go on', async () => {
  await using world = await startWorld({ database: 'postgres', workers: 1 })
  const other = await world.anotherServer()
  const customer = await world.customer()
  const client = await world.client(customer)
  const first = sampleObject(1000, 'first')
  assert.equal(await store(other, client, first), 200)
  let deactivatedAt = Number.POSITIVE_INFINITY
  let acceptedLateMs = 0
  const statuses: number[] = []
  const upload = (async () => {
    for (let n = 0; performance.now() < deactivatedAt + 1200; n++) {
      const askedAt = performance.now()
      const status = await store(other, client, sampleObject(1000, `running ${n}`))
      statuses.push(status)
      if (status === 200) acceptedLateMs = Math.max(acceptedLateMs, askedAt - deactivatedAt)
    }
  })()
  await within(5000, async () => assert.ok(statuses.length > 5))
  await world.api('POST', `/api/v1/customers/${customer.id}/deactivate`)
  deactivatedAt = performance.now()
  await upload
  assert.ok(statuses.includes(200))
  assert.equal(statuses.at(-1), 403)
  assert.ok(acceptedLateMs < 1000, `still accepted ${acceptedLateMs} ms later`)
  const restored = await rawRequest(other, new URL(client.vaultUrl).pathname + first.place, {
    method: 'GET',
    headers: { authorization: basicAuthorization(client.clientId, client.secret) },
  })
  assert.deepEqual(restored.body, first.content)
})

test('a server that starts leaves alone what another one takes in on a disk that both have, and what nobody does not', async () => {
  await using disk = await temporaryFolder('shared')
  await using world = await startWorld({ database: 'postgres', workers: 1, storage: `shared=${disk.path}` })
  const client = await world.client(await world.customer({ storageLocation: 'shared' }))
  const killed = path.join(disk.path, 'incoming', 'primary')
  const other = await world.anotherServer()
  await mkdir(killed, { recursive: true })
  await writeFile(path.join(killed, `1~000001-gone~data~${'ab'.repeat(32)}`), 'half of a copy')

  const { place, content } = sampleObject(24_000_000, 'on its way')
  const upload = request(other + new URL(client.vaultUrl).pathname + place, {
    method: 'POST',
    headers: {
      authorization: basicAuthorization(client.clientId, client.secret),
      'content-length': content.length,
    },
  })
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>
  upload.write(content.subarray(0, content.length - 1))
  await within(10_000, async () => assert.equal((await readIncomingFiles(disk.path)).length, 2))
  await world.restart()
  assert.equal((await readIncomingFiles(disk.path)).length, 1)
  upload.end(content.subarray(-1))
  const [answer] = await answered
  assert.equal(answer.statusCode, 200)
  answer.resume()
  await world.killHard()
  await world.restart()
  await world.stop()
  assert.deepEqual(await readIncomingFiles(disk.path), [])
})
