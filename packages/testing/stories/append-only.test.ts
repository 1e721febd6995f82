import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namedTypes, sampleObject } from '../src/sample-object.ts'
import { fillSampleTree, noise, temporaryFolder } from '../src/sample-tree.ts'
import { startWorld } from '../src/world.ts'

test('an append-only client adds objects of every type and removes nothing but locks', async () => {
  await using world = await startWorld({ workers: 1 })
  const client = await world.client(await world.customer(), { appendOnly: true })
  const ask = (method: string, place: string, body?: Buffer) =>
    world.vault(client, place, { method, ...(body && { body }) })
  await ask('POST', '?create=true')
  assert.equal((await ask('POST', '?create=true')).status, 200)
  for (const type of namedTypes) {
    const { place, content } = sampleObject(1000, 'kept', type)
    assert.equal((await ask('GET', place)).status, 404, type)
    assert.equal((await ask('POST', place, noise(1000, 'wrong'))).status, 400, type)
    assert.equal((await ask('GET', place)).status, 404, type)
    assert.equal((await ask('POST', place, content)).status, 200, type)
    assert.deepEqual((await ask('GET', place)).body, content, type)
    assert.equal((await ask('POST', place, content)).status, 200, type)
    assert.equal((await ask('POST', place, noise(1000, 'wrong'))).status, 403, type)
    const removed = await ask('DELETE', place)
    assert.equal(removed.status, type === 'locks' ? 200 : 403, type)
    assert.equal((await ask('GET', place)).status, type === 'locks' ? 404 : 200, type)
  }
  assert.equal((await ask('POST', 'config', Buffer.from('config'))).status, 200)
  assert.equal((await ask('DELETE', 'config')).status, 403)
  assert.deepEqual((await ask('GET', 'config')).body, Buffer.from('config'))
})

test('stock restic backs up append-only, and cannot forget', async () => {
  await using world = await startWorld({ workers: 1 })
  await using files = await temporaryFolder('files')
  await fillSampleTree(files.path, 'append-only')
  const client = await world.client(await world.customer(), { appendOnly: true })
  await world.restic(client, ['init'])
  await world.restic(client, ['backup', '.'], { cwd: files.path })
  await world.restic(client, ['backup', '.'], { cwd: files.path })
  await assert.rejects(world.restic(client, ['forget', '--keep-last', '1', '--prune']))
  const { stdout } = await world.restic(client, ['snapshots', '--json', '--no-lock'])
  assert.equal(JSON.parse(stdout).length, 2)
  await world.api('PATCH', `/api/v1/clients/${client.id}`, { appendOnly: false })
  await world.restic(client, ['unlock'])
  await world.restic(client, ['forget', '--keep-last', '1', '--prune'])
  assert.equal(JSON.parse((await world.restic(client, ['snapshots', '--json'])).stdout).length, 1)
})
