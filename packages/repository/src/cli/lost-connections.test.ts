import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { test } from 'node:test'
import { noise, repositoryPassword, runRestic, temporaryFolder } from '@granary/testing'
import { startRestServer } from '../test-world/rest-server.ts'
import { runCli } from '../test-world/run-cli.ts'

/** restic-rest-server, and a way to it on which every other upload of a pack breaks off. */
async function startUnreliableServer() {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder('lost-connections'))
  const { port } = resources.use(await startRestServer(`${folder.path}/vaults`))
  const uploads = { begun: 0, broken: 0 }
  const proxy = createServer((incoming) => {
    const outgoing = connect(port, '127.0.0.1')
    const end = () => {
      incoming.destroy()
      outgoing.destroy()
    }
    for (const socket of [incoming, outgoing]) socket.on('error', end).on('close', end)
    outgoing.pipe(incoming)
    incoming.on('data', (piece: Buffer) => {
      const isBroken = piece.includes('POST /vault/data/') && ++uploads.begun % 2 === 1
      if (!isBroken) outgoing.write(piece)
      else {
        // A part of the upload has arrived, and then there is silence.
        outgoing.write(piece.subarray(0, piece.length / 2), end)
        uploads.broken++
      }
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  resources.defer(async () => {
    proxy.close()
  })
  const kept = resources.move()
  return {
    uploads,
    folder: folder.path,
    place: `rest:http://127.0.0.1:${(proxy.address() as AddressInfo).port}/vault/`,
    direct: `rest:http://127.0.0.1:${port}/vault/`,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

test('a backup outlives connections that break off, and a server that never was there fails at once', async () => {
  await using server = await startUnreliableServer()
  const source = `${server.folder}/source`
  await mkdir(source)
  for (let file = 0; file < 4; file++) await writeFile(`${source}/${file}`, noise(700_000, `lost ${file}`))
  assert.equal((await runCli(server.place, ['init'])).exitCode, 0)

  // Opening is what shows a wrong address, and so is not tried again.
  const environment = { RESTIC_REPOSITORY: 'rest:http://127.0.0.1:1/', RESTIC_PASSWORD: repositoryPassword }
  assert.equal((await runCli('', ['snapshots'], { environment })).exitCode, 1)

  const { exitCode, stderr } = await runCli(server.place, ['--pack-size', '1', 'backup', source])
  assert.equal(exitCode, 0, stderr)
  assert.ok(server.uploads.broken > 1)
  assert.match(stderr, /tries again in 0:01/)
  await runRestic(server.direct, ['check', '--read-data'])
})
