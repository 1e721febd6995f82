import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namedTypes, sampleObject } from '../src/sample-object.ts'
import { startWorld } from '../src/world.ts'

const v2 = 'application/vnd.x.restic.rest.v2'

async function newVault() {
  const world = await startWorld({ workers: 1 })
  const client = await world.client(await world.customer())
  const ask = (
    method: string,
    place: string,
    more: { headers?: Record<string, string>; body?: Buffer } = {},
  ) => world.vault(client, place, { method, ...more })
  return { world, client, ask, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

test('creating a repository takes ?create=true, and may be repeated', async () => {
  await using vault = await newVault()
  assert.equal((await vault.ask('HEAD', 'config')).status, 404)
  assert.equal((await vault.ask('POST', '')).status, 400)
  assert.equal((await vault.ask('POST', '?create=true')).status, 200)
  assert.equal((await vault.ask('POST', '?create=true')).status, 200)
  const wrongMethod = await vault.ask('GET', '')
  assert.equal(wrongMethod.status, 405)
  assert.equal(wrongMethod.headers.allow, 'POST')
})

test('config is stored whole, once, and can be removed and stored anew', async () => {
  await using vault = await newVault()
  const config = Buffer.from('whatever the client encrypted')
  await vault.ask('POST', '?create=true')
  assert.equal((await vault.ask('GET', 'config')).status, 404)
  assert.equal((await vault.ask('POST', 'config', { body: config })).status, 200)
  const head = await vault.ask('HEAD', 'config')
  assert.deepEqual(
    [head.status, head.headers['content-length'], head.body.length],
    [200, String(config.length), 0],
  )
  assert.deepEqual((await vault.ask('GET', 'config')).body, config)
  assert.equal((await vault.ask('POST', 'config', { body: Buffer.from('another') })).status, 403)
  assert.deepEqual((await vault.ask('GET', 'config')).body, config)
  assert.equal((await vault.ask('DELETE', 'config')).status, 200)
  assert.equal((await vault.ask('DELETE', 'config')).status, 200)
  assert.equal((await vault.ask('POST', 'config', { body: Buffer.from('another') })).status, 200)
})

for (const type of namedTypes) {
  test(`an object of type ${type} is stored, read in parts, listed in both versions and removed`, async () => {
    await using vault = await newVault()
    await vault.ask('POST', '?create=true')
    const object = sampleObject(5000, 'one', type)
    const other = sampleObject(70, 'other', type)
    const list = async (accept: string) => {
      const answer = await vault.ask('GET', `${type}/`, { headers: { accept } })
      assert.equal(answer.status, 200)
      return { type: answer.headers['content-type'], text: answer.body.toString() }
    }
    assert.deepEqual(await list(v2), { type: v2, text: '[]' })
    assert.equal((await vault.ask('HEAD', object.place)).status, 404)
    assert.equal((await vault.ask('GET', object.place)).status, 404)

    for (const { place, content } of [object, other]) {
      assert.equal((await vault.ask('POST', place, { body: content })).status, 200)
    }
    const head = await vault.ask('HEAD', object.place)
    assert.deepEqual([head.status, head.headers['content-length']], [200, '5000'])
    assert.deepEqual((await vault.ask('GET', object.place)).body, object.content)

    const parts = [
      ['bytes=0-0', 0, 1],
      ['bytes=100-299', 100, 300],
      ['bytes=4990-', 4990, 5000],
      ['bytes=4990-9999', 4990, 5000],
    ] as const
    for (const [range, from, to] of parts) {
      const part = await vault.ask('GET', object.place, { headers: { range } })
      assert.equal(part.status, 206, range)
      assert.equal(part.headers['content-length'], String(to - from), range)
      assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/5000`, range)
      assert.deepEqual(part.body, object.content.subarray(from, to), range)
    }
    const pastEnd = await vault.ask('GET', object.place, { headers: { range: 'bytes=5000-' } })
    assert.deepEqual([pastEnd.status, pastEnd.headers['content-range']], [416, 'bytes */5000'])

    const listed = await list(v2)
    assert.equal(listed.type, v2)
    const bySize = JSON.parse(listed.text).sort((a: { size: number }, b: { size: number }) => b.size - a.size)
    assert.deepEqual(bySize, [
      { name: object.name, size: 5000 },
      { name: other.name, size: 70 },
    ])
    const v1 = await list('*/*')
    assert.equal(v1.type, 'application/vnd.x.restic.rest.v1')
    assert.deepEqual(JSON.parse(v1.text).sort(), [object.name, other.name].sort())

    assert.equal((await vault.ask('DELETE', object.place)).status, 200)
    assert.equal((await vault.ask('DELETE', object.place)).status, 200)
    assert.equal((await vault.ask('GET', object.place)).status, 404)
    assert.deepEqual(JSON.parse((await list(v2)).text), [{ name: other.name, size: 70 }])
    assert.equal((await vault.ask('POST', object.place, { body: object.content })).status, 200)
    assert.deepEqual((await vault.ask('GET', object.place)).body, object.content)
  })
}

test('an empty object can be stored and read, whatever range is asked of it', async () => {
  await using vault = await newVault()
  await vault.ask('POST', '?create=true')
  const empty = sampleObject(0, 'empty')
  assert.equal((await vault.ask('POST', empty.place, { body: empty.content })).status, 200)
  const read = await vault.ask('GET', empty.place, { headers: { range: 'bytes=0-99' } })
  assert.deepEqual([read.status, read.body.length], [200, 0])
})

test('what is no place in a vault does not exist, and a wrong method says which are right', async () => {
  await using vault = await newVault()
  await vault.ask('POST', '?create=true')
  const { name } = sampleObject(10, 'any')
  const nowhere = [
    'data/short',
    `data/${name.toUpperCase()}`,
    `data/${name}0`,
    `data/${name.slice(0, 2)}/${name}`,
    `packs/${name}`,
    'config/x',
    'data/..',
  ]
  for (const place of nowhere) assert.equal((await vault.ask('GET', place)).status, 404, place)
  const wrongMethods = [
    ['PUT', `data/${name}`, ['DELETE', 'GET', 'HEAD', 'POST']],
    ['POST', 'data/', ['GET']],
    ['PUT', 'config', ['DELETE', 'GET', 'HEAD', 'POST']],
  ] as const
  for (const [method, place, allowed] of wrongMethods) {
    const answer = await vault.ask(method, place)
    assert.equal(answer.status, 405, `${method} ${place}`)
    const allow = (answer.headers.allow ?? '').split(/,\s*/).sort()
    assert.deepEqual(
      allow.filter((one) => one !== 'HEAD' || place !== 'data/'),
      allowed,
    )
  }
})
