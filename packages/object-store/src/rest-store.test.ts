import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { restServerBinary, temporaryFolder } from '@granary/testing'
import { ObjectNotFoundError } from './object-store.ts'
import { describeObjectStore } from './object-store-conformance.ts'
import { RestRefusedError, RestStore } from './rest-store.ts'

describeObjectStore('restic-rest-server', async () => {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder('rest-store'))
  const server = spawn(
    await restServerBinary(),
    ['--no-auth', '--path', folder.path, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  resources.defer(async () => {
    server.kill()
    await once(server, 'exit')
  })
  const store = resources.use(
    new RestStore(`rest:http://127.0.0.1:${await announcedPort(server.stderr)}/vault/`),
  )
  const kept = resources.move()
  return { store, [Symbol.asyncDispose]: () => kept.disposeAsync() }
})

async function announcedPort(log: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: log })) {
    const port = /127\.0\.0\.1:([1-9]\d*)/.exec(line)?.[1]
    if (port) {
      log.resume()
      return port
    }
  }
  throw new Error('restic-rest-server ended instead of listening')
}

test('a server of the first protocol, which lists names alone, is understood', async () => {
  const name = 'ab'.repeat(32)
  const server = createServer((request, response) => {
    if (request.url === '/data/')
      response.setHeader('content-type', 'application/vnd.x.restic.rest.v1').end(`["${name}"]`)
    else if (request.method === 'HEAD') response.setHeader('content-length', '7').end()
    else response.writeHead(507).end('no room left\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  await using store = new RestStore(`http://user:p%40ss@127.0.0.1:${address.port}`)
  assert.doesNotMatch(store.location, /p@ss|p%40ss/)
  assert.deepEqual(await Array.fromAsync(store.list('data')), [{ name, bytes: 7 }])
  await assert.rejects(
    store.write({ type: 'data', name }, Buffer.from('x')),
    (error) =>
      error instanceof RestRefusedError && error.status === 507 && /no room left/.test(error.message),
  )
  await store[Symbol.asyncDispose]()
  server.close()
  await assert.rejects(
    store.stat({ type: 'config', name: '' }),
    (error) => !(error instanceof ObjectNotFoundError),
  )
})
