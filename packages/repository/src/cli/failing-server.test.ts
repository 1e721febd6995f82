import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { describeTree, noise, runRestic, temporaryFolder } from '@granary/testing'
import { startRestServer } from '../test-world/rest-server.ts'
import { runCli } from '../test-world/run-cli.ts'

const faults = ['busy', 'upload breaks off', 'answer is lost', 'reset', 'short', 'slow'] as const
type Fault = (typeof faults)[number]

/** restic-rest-server, and a way to it on which the first request for anything fails, each in another way. */
async function startFailingServer() {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder('failing-server'))
  const { port } = resources.use(await startRestServer(`${folder.path}/vaults`))
  const attempts = new Map<string, { fault: Fault; count: number }>()
  const met = new Map<string, number>()
  const proxy = createServer(async (incoming, answer) => {
    const { method = '', url = '' } = incoming
    // Opening a repository is what shows a wrong address, and is not tried again.
    const isExempt = /\/(?:config|keys\/.*)$/.test(url)
    const name = `${method} ${url}`
    const attempt = attempts.get(name) ?? { fault: faults[attempts.size % faults.length] ?? 'busy', count: 0 }
    attempts.set(name, attempt)
    attempt.count++
    const fails = !isExempt && attempt.count <= (attempt.fault === 'busy' ? 2 : 1)
    const kind = `${attempt.fault} on ${method}`
    if (fails) met.set(kind, (met.get(kind) ?? 0) + 1)
    await pass(port, incoming, answer, fails ? attempt.fault : undefined).catch(() => incoming.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  resources.defer(async () => {
    proxy.close()
    proxy.closeAllConnections()
  })
  const kept = resources.move()
  return {
    met,
    folder: folder.path,
    place: `rest:http://127.0.0.1:${(proxy.address() as AddressInfo).port}/vault/`,
    direct: `rest:http://127.0.0.1:${port}/vault/`,
    /** Everything fails once more. */
    failAgain: () => attempts.clear(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function pass(
  port: number,
  incoming: IncomingMessage,
  answer: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  if (fault === 'busy') {
    incoming.resume()
    answer.writeHead(503).end('too busy')
    return
  }
  if (fault === 'upload breaks off') {
    if (incoming.method === 'POST') await once(incoming, 'data')
    incoming.socket.resetAndDestroy()
    return
  }
  const { method, headers, url: path } = incoming
  const outgoing = request({ host: '127.0.0.1', port, method, headers, path })
  outgoing.end(await buffer(incoming))
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const body = await buffer(response)
  if (fault === 'answer is lost') {
    incoming.socket.destroy()
    return
  }
  if (fault === 'slow') await delay(300)
  answer.writeHead(response.statusCode ?? 500, response.headers)
  if (fault === 'reset' || fault === 'short') {
    // The length that was announced is right, and half of it comes.
    answer.write(body.subarray(0, body.length / 2))
    await delay(20)
    if (fault === 'reset') incoming.socket.resetAndDestroy()
    else incoming.socket.end()
    return
  }
  if (fault === 'slow') {
    answer.write(body.subarray(0, 1))
    await delay(300)
    answer.end(body.subarray(1))
  } else answer.end(body)
}

test('a server that is slow, busy, or breaks off anywhere delays a run, and harms nothing', async () => {
  await using server = await startFailingServer()
  const source = `${server.folder}/source`
  await mkdir(source)
  for (let file = 0; file < 3; file++) await writeFile(`${source}/${file}`, noise(900_000, `failing ${file}`))
  assert.equal((await runCli(server.direct, ['init'])).exitCode, 0)
  const run = async (...args: string[]) => {
    server.failAgain()
    const { exitCode, stderr } = await runCli(server.place, args)
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`)
    assert.match(stderr, /tries again/)
  }
  await run('--pack-size', '1', 'backup', source)
  await runRestic(server.direct, ['check', '--read-data'])
  const target = `${server.folder}/restored`
  await run('restore', `latest:${source}`, '--target', target, '--verify')
  assert.deepEqual(await describeTree(target), await describeTree(source))
  await run('check', '--read-data')
  assert.deepEqual(await readdir(`${server.folder}/vaults/vault/locks`), [])
  for (const kind of [
    'busy on POST',
    'reset on GET',
    'short on GET',
    'answer is lost on POST',
    'upload breaks off on POST',
  ])
    assert.ok(server.met.has(kind), `${kind}: ${[...server.met.keys()].join(', ')}`)
})
