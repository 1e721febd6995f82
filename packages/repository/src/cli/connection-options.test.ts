import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type ByteRange, LocalStore, type ObjectHandle, ObjectNotFoundError } from '@granary/object-store'
import { noise, repositoryPassword, resticBinary, temporaryFolder } from '@granary/testing'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { Repository } from '../repository.ts'
import { engineWorld } from '../test-world/engine-world.ts'
import { runCli } from '../test-world/run-cli.ts'
import { selfSignedCertificate } from '../test-world/self-signed-certificate.ts'

/** A repository that is read over TLS, from a server that wants to see a certificate. */
async function startTlsServer() {
  await using resources = new AsyncDisposableStack()
  const world = resources.use(await engineWorld())
  await world.init()
  const [own, client] = [selfSignedCertificate('a server'), selfSignedCertificate('a client')]
  const store = new LocalStore(world.place)
  const server = createServer(
    { cert: own.certificate, key: own.key, ca: client.certificate, requestCert: true },
    async (request, response) => {
      const [, type = '', name = ''] = request.url?.split('/') ?? []
      if (name === '' && type !== 'config') {
        const entries = await Array.fromAsync(store.list(type as 'keys'))
        response.setHeader('content-type', 'application/vnd.x.restic.rest.v2')
        response.end(JSON.stringify(entries.map(({ name, bytes }) => ({ name, size: bytes }))))
        return
      }
      const content = await store.read({ type: type as 'keys', name }).catch((error: unknown) => {
        if (!(error instanceof ObjectNotFoundError)) throw error
        response.statusCode = 404
        return new Uint8Array()
      })
      response.setHeader('content-length', content.length)
      response.end(content)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  resources.defer(async () => {
    server.closeAllConnections()
    server.close()
  })
  const files = {
    trusted: `${world.folder}/server.pem`,
    shown: `${world.folder}/client.pem`,
    stranger: `${world.folder}/stranger.pem`,
  }
  const stranger = selfSignedCertificate('a stranger')
  await writeFile(files.trusted, own.certificate)
  await writeFile(files.shown, client.certificate + client.key)
  await writeFile(files.stranger, stranger.certificate + stranger.key)
  const kept = resources.move()
  return {
    files,
    place: `rest:https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** restic tries again for a quarter of an hour what a certificate keeps it from. */
const patienceMs = 3000

/** Whether restic gets through, within the time that is given to it. */
async function runStock(place: string, args: readonly string[], timeoutMs = 0): Promise<boolean> {
  const restic = await resticBinary('0.19.1')
  const env = { RESTIC_REPOSITORY: place, RESTIC_PASSWORD: repositoryPassword }
  return new Promise((resolve) => {
    execFile(restic, ['--no-cache', ...args], { env, timeout: timeoutMs }, (error) => resolve(error === null))
  })
}

test('servers are trusted, and certificates shown, where stock restic does so', async () => {
  await using server = await startTlsServer()
  const { trusted, shown, stranger } = server.files
  for (const [args, works] of [
    [['--cacert', trusted, '--tls-client-cert', shown], true],
    [['--insecure-tls', '--tls-client-cert', shown], true],
    [['--tls-client-cert', shown], false],
    [['--cacert', trusted], false],
    [['--cacert', trusted, '--tls-client-cert', stranger], false],
    [['--cacert', stranger, '--tls-client-cert', shown], false],
  ] as const) {
    const command = [...args, '--no-lock', 'snapshots']
    const ours = await runCli(server.place, command)
    assert.equal(ours.exitCode === 0, works, `${args.join(' ')}: ${ours.stderr}`)
    const stock = await runStock(server.place, command, works ? undefined : patienceMs)
    assert.equal(stock, works, `${args.join(' ')}: restic does not agree`)
  }
})

test('a hint spares trying the other keys, and one that is wrong does no harm', async () => {
  await using world = await engineWorld()
  const { keyName } = await world.init()
  assert.equal((await runCli(world.place, ['key', 'add', '--new-insecure-no-password'])).exitCode, 0)
  const store = new LocalStore(world.place)
  const other = (await Array.fromAsync(store.list('keys'))).find(({ name }) => name !== keyName)
  const keysTried = async (keyHint: string) => {
    const tried: string[] = []
    const watched = new Proxy(store, {
      get: (target, property) => (handle: ObjectHandle, range?: ByteRange) => {
        if (property === 'read' && handle.type === 'keys') tried.push(handle.name)
        return property === 'list' ? target.list(handle as never) : target.read(handle, range)
      },
    })
    await Repository.open(watched, { password: repositoryPassword, primitives: nodePrimitives, keyHint })
    return tried
  }
  assert.deepEqual(await keysTried(keyName.slice(0, 8)), [keyName])
  assert.deepEqual(await keysTried(other?.name ?? ''), [other?.name, keyName])
  assert.equal((await keysTried('ffff')).at(-1), keyName)
  assert.equal((await runCli(world.place, ['--key-hint', keyName, 'snapshots'])).exitCode, 0)
  const environment = { RESTIC_REPOSITORY: world.place, RESTIC_PASSWORD: 'another', RESTIC_KEY_HINT: keyName }
  assert.equal((await runCli('', ['snapshots'], { environment })).exitCode, 12)
})

test('a backup and a restore take the time that their limits ask for', async () => {
  await using world = await engineWorld()
  await using target = await temporaryFolder('limits')
  await world.init()
  const source = `${world.folder}/source`
  await mkdir(source)
  await writeFile(`${source}/file`, noise(300_000, 'limits'))
  const seconds = async (args: readonly string[]) => {
    const startedAt = performance.now()
    const { exitCode, stderr } = await runCli(world.place, args)
    assert.equal(exitCode, 0, stderr)
    return (performance.now() - startedAt) / 1000
  }
  assert.ok((await seconds(['--limit-upload', '300', 'backup', source])) > 0.97)
  const restore = ['restore', 'latest', '--target', `${target.path}/restored`]
  assert.ok((await seconds(['--limit-download', '300', ...restore])) > 0.97)
  assert.notEqual((await runCli(world.place, ['--limit-upload', '0', 'snapshots'])).exitCode, 0)
})
