import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { RestStore } from './rest-store.ts'
import { retrying } from './retrying-store.ts'

test('an upload whose answer was lost is done, also where the server is busy when it is asked', async () => {
  let asked = 0
  const server = createServer(({ method }, answer) => {
    if (method === 'POST') answer.writeHead(403).end()
    else if (method === 'HEAD')
      answer.writeHead([503, 429, 200][asked++] ?? 200, { 'content-length': 4 }).end()
    else answer.writeHead(200, { 'content-length': 4 }).end('mine')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const store = new RestStore(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const handle = { type: 'data', name: 'ab'.repeat(32) } as const
  await retrying(store, { firstDelayMs: 1 }).write(handle, Buffer.from('mine'))
  assert.equal(asked, 3)
  await store[Symbol.asyncDispose]()
  server.closeAllConnections()
  server.close()
})
