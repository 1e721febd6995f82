import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { DirectDownloads } from './direct-downloads.ts'
import { RestStore } from './rest-store.ts'

const name = 'ab'.repeat(32)
const handle = { type: 'data', name } as const

interface Listening extends AsyncDisposable {
  readonly url: URL
  connections: number
}

async function listen(server: Server): Promise<Listening> {
  const open = new Set<Socket>()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const listening: Listening = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    connections: 0,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  server.on('connection', (socket) => {
    listening.connections++
    open.add(socket)
  })
  return listening
}

/** A server that answers each request with these bytes, in these pieces. */
function answering(pieces: readonly string[], isEnd = false): Promise<Listening> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', async () => {
        for (const piece of pieces) {
          socket.write(piece)
          await setImmediate()
        }
        if (isEnd) socket.end()
      })
    }),
  )
}

const fresh = (bytes: number) => new Uint8Array(bytes)

function downloadsFrom({ url }: Listening, connections = 2): DirectDownloads {
  return new DirectDownloads(url, { connections, silenceMs: 60_000 })
}

test('an answer may come in any pieces, and connections are used again', async () => {
  const answer = 'HTTP/1.1 206 Partial Content\r\nDate: today\r\nContent-Length: 11\r\n\r\nhello world'
  for (const pieces of [[answer], [...answer], [answer.slice(0, 70), answer.slice(70)]]) {
    await using server = await answering(pieces)
    using downloads = downloadsFrom(server)
    for (let round = 0; round < 3; round++) {
      const download = await downloads.get('/', {}, fresh)
      assert.equal(download?.status, 206)
      assert.equal(Buffer.from(download.body).toString(), 'hello world')
    }
    assert.equal(server.connections, 1)
  }
})

test('no more connections are made than are allowed', async () => {
  await using server = await answering(['HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n', 'x'])
  using downloads = downloadsFrom(server, 2)
  const all = await Promise.all(Array.from({ length: 9 }, () => downloads.get('/', {}, fresh)))
  assert.ok(all.every((download) => download?.body.length === 1))
  assert.equal(server.connections, 2)
})

test('what is no plain answer is left to others, and a server that gives none is not asked again', async () => {
  const others: readonly [answer: string, isAskedAgain: boolean][] = [
    ['HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n', true],
    ['HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\ntoo much', true],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx', false],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxy', false],
    ['HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx', false],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`, false],
    ['SSH-2.0-server\r\n\r\n', false],
  ]
  for (const [answer, isAskedAgain] of others) {
    await using server = await answering([answer])
    using downloads = downloadsFrom(server)
    for (let round = 0; round < 2; round++) assert.equal(await downloads.get('/', {}, fresh), undefined)
    assert.equal(server.connections, isAskedAgain ? 2 : 1, answer)
  }
})

test('what is not there is known from the first lines', async () => {
  for (const status of [404, 416]) {
    await using server = await answering([
      `HTTP/1.1 ${status} No\r\ntransfer-encoding: chunked\r\n\r\n`,
      '3\r\n',
    ])
    using downloads = downloadsFrom(server)
    for (let round = 0; round < 2; round++)
      assert.equal((await downloads.get('/', {}, fresh))?.status, status)
  }
})

test('a connection that ends is not used again, and one that ends too soon is noticed', async () => {
  await using last = await answering([
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n',
    'ok',
  ])
  using downloads = downloadsFrom(last)
  for (let round = 0; round < 2; round++) assert.ok(await downloads.get('/', {}, fresh))
  assert.equal(last.connections, 2)

  await using broken = await answering(['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', 'half'], true)
  await using store = new RestStore(broken.url.href)
  await assert.rejects(store.read(handle), {
    message: `reading data/${name}: the answer broke off after 4 bytes`,
  })

  await using silent = await answering([], true)
  using none = downloadsFrom(silent)
  assert.equal(await none.get('/', {}, fresh), undefined)
})

test('a store reads from servers that answer otherwise, and from those that close idle connections', async () => {
  const answers: Record<string, RequestListener> = {
    chunked: (_, response) => {
      response.write('some ')
      response.end('content')
    },
    closing: (_, response) => {
      response.setHeader('content-length', 12).setHeader('connection', 'close').end('some content')
    },
    'of one connection': (request, response) => {
      response.setHeader('content-length', 12).end('some content', () => request.socket.destroySoon())
    },
  }
  for (const [kind, answer] of Object.entries(answers)) {
    await using server = await listen(createHttpServer(answer))
    await using store = new RestStore(server.url.href)
    for (let round = 0; round < 3; round++) {
      assert.equal(Buffer.from(await store.read(handle)).toString(), 'some content', kind)
    }
  }
})
