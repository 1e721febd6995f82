import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Customer } from '@granary/contract'
import { basicAuthorization, rawRequest } from '../src/raw-request.ts'
import { namedTypes, sampleObject } from '../src/sample-object.ts'
import { describeTree, fillSampleTree, temporaryFolder } from '../src/sample-tree.ts'
import { within } from '../src/within.ts'
import { startWorld } from '../src/world.ts'

for (const database of ['sqlite', 'postgres'] as const) {
  test(`two customers back up at once, each into a vault and an account of its own (${database})`, async () => {
    await using world = await startWorld({ database })
    const sides = await Promise.all(
      ['Anna', 'Борис'].map(async (name) => {
        const customer = await world.customer({ name })
        const clients = [await world.client(customer), await world.client(customer)]
        return { name, customer, clients }
      }),
    )
    const machines = sides.flatMap((side) => side.clients.map((client) => ({ ...side, client })))
    await using folders = new AsyncDisposableStack()

    await Promise.all(
      machines.map(async ({ client }) => {
        const files = folders.use(await temporaryFolder('files'))
        const target = folders.use(await temporaryFolder('restored'))
        await fillSampleTree(files.path, client.clientId)
        await world.restic(client, ['init'])
        await world.restic(client, ['backup', '.'], { cwd: files.path })
        await world.restic(client, ['restore', 'latest', '--target', target.path])
        assert.deepEqual(await describeTree(target.path), await describeTree(files.path))
        const { stdout } = await world.restic(client, ['snapshots', '--json'])
        assert.equal(JSON.parse(stdout).length, 1)
      }),
    )
    const list = await world.api<{ items: Customer[] }>('GET', '/api/v1/customers')
    for (const { name, clients } of sides) {
      const listed = list.items.find((customer) => customer.name === name)
      await within(5000, async () => {
        const onDisk = await Promise.all(clients.map((client) => world.usedBytesOnDisk(client)))
        assert.equal(
          listed?.space.usedBytes,
          onDisk.reduce((sum, bytes) => sum + bytes),
        )
        assert.ok(onDisk.every((bytes) => bytes > 6_000_000))
      })
    }
  })
}

test('a client reaches its own vault only, however the path is written', async () => {
  await using world = await startWorld({ workers: 1 })
  const [own, foreign] = [await world.customer({ name: 'Own' }), await world.customer({ name: 'Foreign' })]
  const client = await world.client(own, { clientId: 'web01' })
  const sibling = await world.client(own, { clientId: 'web02' })
  const stranger = await world.client(foreign, { clientId: 'db.01' })
  const secret = sampleObject(1000, 'secret')
  for (const one of [client, sibling, stranger]) {
    await world.vault(one, '?create=true', { method: 'POST' })
    await world.vault(one, secret.place, { method: 'POST', body: secret.content })
  }
  await within(5000, async () => assert.equal(await world.usedBytesOnDisk(), 3 * secret.content.length))
  const before = await Promise.all([sibling, stranger].map((one) => world.vaultOnDisk(one)))

  const target = (one: { vaultUrl: string }) => new URL(one.vaultUrl).pathname.slice('/vault/'.length)
  const [ours, theirs] = [target(client), target(stranger)]
  const paths = [
    `/vault/${theirs}`,
    `/vault/${target(sibling)}`,
    `/vault/${own.urlKey}/db.01/`,
    `/vault/${foreign.urlKey}/web01/`,
    `/vault/${ours}../../${theirs}`,
    `/vault/${ours}..%2F..%2F${theirs}`,
    `/vault/${ours}%2e%2e/%2e%2e/${theirs}`,
    `/vault/${ours}%2e%2e%2f%2e%2e%2f${theirs}`,
    `/vault/${ours}..\\..\\${theirs}`,
    `/vault/${ours}/../../${theirs}`,
    `/vault//${theirs}`,
    `//vault/${theirs}`,
    `/vault/./${theirs}`,
    `/vault/${ours}data/../../../${theirs}`,
    `/vault/${ours.replace('/', '%2F')}../web02/`,
    `/vault/${own.urlKey}/web01%2F..%2Fweb02/`,
    `/vault/${own.urlKey}/web02%00/`,
    `/vault/${own.urlKey}/WEB02/`,
    `/vault/${own.urlKey.toUpperCase()}/web02/`,
    `/vault/${ours}data/%2e%2e/%2e%2e/%2e%2e/`,
  ]
  const authorization = basicAuthorization(client.clientId, client.secret)
  for (const path of paths) {
    for (const [method, place, body] of [
      ['GET', secret.place, undefined],
      ['GET', 'data/', undefined],
      ['HEAD', secret.place, undefined],
      ['DELETE', secret.place, undefined],
      ['POST', sampleObject(10, 'smuggled').place, sampleObject(10, 'smuggled').content],
    ] as const) {
      const answer = await rawRequest(new URL(client.vaultUrl).origin, `${path}${place}`, {
        method,
        headers: { authorization },
        ...(body && { body }),
      })
      const isRefused = [400, 401, 403, 404, 405].includes(answer.status)
      // An address that does not begin with /vault/ may be one of the console's.
      const isPage = !path.startsWith('/vault/') && /^text\//.test(answer.headers['content-type'] ?? '')
      assert.ok(isRefused || isPage, `${method} ${path}${place} was answered with ${answer.status}`)
      assert.ok(!answer.body.includes(secret.name) && !answer.body.includes(secret.content))
    }
  }
  assert.deepEqual(await Promise.all([sibling, stranger].map((one) => world.vaultOnDisk(one))), before)
  for (const one of [client, sibling, stranger]) {
    assert.deepEqual((await world.vault(one, secret.place, { method: 'GET' })).body, secret.content)
  }
})

test('only the whole pair of client ID and secret opens a vault', async () => {
  await using world = await startWorld({ workers: 1 })
  const customer = await world.customer()
  const client = await world.client(customer)
  const sibling = await world.client(customer)
  await world.vault(client, '?create=true', { method: 'POST' })
  const { pathname } = new URL(client.vaultUrl)
  const wrong = [
    undefined,
    '',
    'Basic',
    'Basic !!!',
    `Bearer ${client.secret}`,
    basicAuthorization(client.clientId, ''),
    basicAuthorization('', client.secret),
    basicAuthorization(client.clientId, sibling.secret),
    basicAuthorization(client.clientId, client.secret.slice(0, -1)),
    basicAuthorization(client.clientId, `${client.secret}x`),
    basicAuthorization(`${client.clientId}\0`, client.secret),
  ]
  for (const authorization of wrong) {
    for (const type of namedTypes) {
      const answer = await rawRequest(new URL(client.vaultUrl).origin, `${pathname}${type}/`, {
        method: 'GET',
        headers: authorization === undefined ? {} : { authorization },
      })
      assert.equal(answer.status, 401, `${authorization} on ${type}`)
      assert.match(answer.headers['www-authenticate'] ?? '', /^Basic realm=/)
    }
  }
})
