import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import { RestRefusedError, RestStore } from './rest-store.ts'
import { retrying } from './retrying-store.ts'

/** A server that answers one request after the other in the given ways. */
async function serverAnswering(...answers: ((response: ServerResponse) => void)[]) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers.shift()
      if (answer) answer(response)
      else response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  const retries: unknown[] = []
  const plain = new RestStore(`http://127.0.0.1:${address.port}/`)
  const onRetry = (error: unknown) => retries.push(error)
  const store = retrying(plain, { firstDelayMs: 1, onRetry })
  return {
    plain,
    store,
    retries,
    left: answers,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      server.closeAllConnections()
      server.close()
    },
  }
}

const breakOff = (response: ServerResponse) => response.destroy()
const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end()
const handle = { type: 'data', name: 'ab'.repeat(32) } as const

test('broken connections, busy servers and what was cut on its way are tried again', async () => {
  const passing = [503, 500, 429, 408, 400].map(status)
  await using world = await serverAnswering(breakOff, ...passing, status(200))
  await world.store.write(handle, Buffer.from('x'))
  assert.equal(world.retries.length, 6)
})

test('a list that breaks off half way is taken again from its beginning', async () => {
  const half = (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('[{"name":"aa","size":1},', () => response.destroy())
  }
  await using world = await serverAnswering(half, (response) => response.end('[{"name":"bb","size":2}]'))
  assert.deepEqual(await Array.fromAsync(world.store.list('data')), [{ name: 'bb', bytes: 2 }])
})

test('what stays as it is, is not tried again: denied, full, missing', async () => {
  for (const code of [401, 403, 507]) {
    await using world = await serverAnswering(status(code), status(code), status(code))
    await assert.rejects(
      world.store.write(handle, Buffer.from('x')),
      (error) => error instanceof RestRefusedError && error.status === code,
    )
    assert.equal(world.retries.length, 0)
  }
  await using world = await serverAnswering(status(404))
  await assert.rejects(world.store.read(handle), /does not exist/)
  assert.equal(world.retries.length, 0)
})

test('whoever ends the waiting says why', async () => {
  await using world = await serverAnswering(status(503))
  const ending = new AbortController()
  const onRetry = () => setImmediate(() => ending.abort(new Error('enough')))
  const store = retrying(world.plain, { firstDelayMs: 600_000, signal: ending.signal, onRetry })
  await assert.rejects(store.stat(handle), /enough/)
})

test('after the set time it gives up with the last error', async () => {
  await using world = await serverAnswering(...Array.from({ length: 50 }, () => status(503)))
  let retries = 0
  const store = retrying(world.plain, { firstDelayMs: 1, giveUpAfterMs: 1000, onRetry: () => retries++ })
  await assert.rejects(store.stat(handle), /503/)
  assert.ok(retries > 3)
})
