import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { Client, ClientWithSecret } from '@granary/contract'
import { basicAuthorization } from '../src/raw-request.ts'
import { sampleObject } from '../src/sample-object.ts'
import { noise } from '../src/sample-tree.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

async function newVault() {
  const world = await startWorld({ workers: 2 })
  const client = await world.client(await world.customer())
  await world.vault(client, '?create=true', { method: 'POST' })
  return { world, client, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

const post = (body: Buffer | Readable) => ({ method: 'POST', body })

async function assertHolds(world: World, client: ClientWithSecret, bytes: number, files: number) {
  // Small objects get their files a moment after they are acknowledged.
  await within(5000, async () => {
    const onDisk = await world.vaultOnDisk(client)
    assert.deepEqual(onDisk.strays, [])
    assert.deepEqual(await world.incomingFiles(), [])
    assert.deepEqual([onDisk.files.length, onDisk.bytes], [files, bytes])
  })
  const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
  assert.equal(space.usedBytes, bytes)
}

test('the same upload again succeeds and counts once; other content under the name is refused', async () => {
  await using vault = await newVault()
  const { world, client } = vault
  const object = sampleObject(100_000, 'one')
  assert.equal((await world.vault(client, object.place, post(object.content))).status, 200)
  assert.equal((await world.vault(client, object.place, post(object.content))).status, 200)
  await assertHolds(world, client, 100_000, 1)
  const forged = Buffer.from(object.content)
  forged[99_999] = (forged[99_999] ?? 0) ^ 1
  const refused = await world.vault(client, object.place, post(forged))
  assert.equal(refused.status, 403)
  assert.equal(JSON.parse(refused.body.toString()).code, 'object-exists')
  assert.deepEqual((await world.vault(client, object.place, { method: 'GET' })).body, object.content)
  await assertHolds(world, client, 100_000, 1)
})

test('bytes that do not match their name are refused and leave nothing', async () => {
  await using vault = await newVault()
  const { world, client } = vault
  const object = sampleObject(100_000, 'one')
  const wrong = await world.vault(client, object.place, post(noise(100_000, 'something else')))
  assert.equal(wrong.status, 400)
  assert.equal(JSON.parse(wrong.body.toString()).code, 'content-mismatch')
  await assertHolds(world, client, 0, 0)
  assert.equal((await world.vault(client, object.place, { method: 'GET' })).status, 404)
  // What restic does after every failure: remove, then try again.
  assert.equal((await world.vault(client, object.place, { method: 'DELETE' })).status, 200)
  assert.equal((await world.vault(client, object.place, post(object.content))).status, 200)
  await assertHolds(world, client, 100_000, 1)
})

test('an upload without a length is taken as it comes', async () => {
  await using vault = await newVault()
  const { world, client } = vault
  const object = sampleObject(3_000_000, 'chunked')
  const pieces = [0, 1, 70_000, 1_500_000].map((from, i, all) => object.content.subarray(from, all[i + 1]))
  const answer = await world.vault(client, object.place, post(Readable.from(pieces)))
  assert.equal(answer.status, 200)
  assert.deepEqual((await world.vault(client, object.place, { method: 'GET' })).body, object.content)
  await assertHolds(world, client, 3_000_000, 1)
})

test('an upload that breaks off leaves nothing, and can be repeated', async () => {
  await using vault = await newVault()
  const { world, client } = vault
  const object = sampleObject(2_000_000, 'broken off')
  const half = object.content.subarray(0, 1_000_000)
  for (const ending of ['half-closed', 'reset'] as const) {
    const answer = await sendAndBreakOff(client, object.place, object.content.length, half, ending)
    assert.doesNotMatch(answer, /^HTTP\/1.1 200/)
    await within(2000, () => assertHolds(world, client, 0, 0))
  }
  assert.equal((await world.vault(client, object.place, post(object.content))).status, 200)
  await assertHolds(world, client, 2_000_000, 1)
})

test('parallel uploads of one name count once', async () => {
  await using vault = await newVault()
  const { world, client } = vault
  const object = sampleObject(4_000_000, 'contended')
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => world.vault(client, object.place, post(object.content))),
  )
  assert.deepEqual(
    answers.map((answer) => answer.status),
    Array(12).fill(200),
  )
  await assertHolds(world, client, 4_000_000, 1)
})

test('a removal that races an upload leaves ledger and disk in agreement', async () => {
  await using vault = await newVault()
  const { world, client } = vault
  for (let round = 0; round < 10; round++) {
    const object = sampleObject(200_000, `raced ${round}`)
    const [stored, removed] = await Promise.all([
      world.vault(client, object.place, post(object.content)),
      world.vault(client, object.place, { method: 'DELETE' }),
    ])
    assert.deepEqual([stored.status, removed.status], [200, 200])
    const read = await world.vault(client, object.place, { method: 'GET' })
    if (read.status === 200) assert.deepEqual(read.body, object.content)
    else assert.equal(read.status, 404)
    const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
    await within(5000, async () => assert.equal(await world.usedBytesOnDisk(client), space.usedBytes))
    await world.vault(client, object.place, { method: 'DELETE' })
  }
  await assertHolds(world, client, 0, 0)
})

test('what one process stores, every process reads at once', async () => {
  await using vault = await newVault()
  const { world, client } = vault
  for (let i = 0; i < 20; i++) {
    const object = sampleObject(1000, `seen ${i}`, 'locks')
    assert.equal((await world.vault(client, object.place, post(object.content))).status, 200)
    // Each request comes on a connection of its own, and so from either worker.
    const lists = await Promise.all(
      Array.from({ length: 4 }, () => world.vault(client, 'locks/', { method: 'GET' })),
    )
    for (const list of lists) assert.deepEqual(JSON.parse(list.body.toString()), [object.name])
    assert.equal((await world.vault(client, object.place, { method: 'DELETE' })).status, 200)
  }
})

/** @returns what the server answered before the connection ended, if anything */
async function sendAndBreakOff(
  client: ClientWithSecret,
  place: string,
  announcedBytes: number,
  part: Buffer,
  ending: 'half-closed' | 'reset',
): Promise<string> {
  const { hostname, port, pathname } = new URL(client.vaultUrl)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  const closed = new Promise<void>((resolve, reject) => {
    socket.on('end', () => socket.end())
    socket.on('close', () => resolve())
    socket.on('error', (error: NodeJS.ErrnoException) => error.code === 'ECONNRESET' || reject(error))
  })
  const head = [
    `POST ${pathname}${place} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    `authorization: ${basicAuthorization(client.clientId, client.secret)}`,
    `content-length: ${announcedBytes}`,
    '\r\n',
  ].join('\r\n')
  socket.write(head)
  await new Promise<void>((resolve) => socket.write(part, () => resolve()))
  if (ending === 'reset') socket.resetAndDestroy()
  else socket.end()
  await closed
  return Buffer.concat(received).toString()
}
