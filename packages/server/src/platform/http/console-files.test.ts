import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { startApiWorld } from '../../test-world/api-world.ts'
import { openTestPlace } from '../../test-world/on-each-database.ts'

test('the console’s page answers at any of its own addresses, its hashed files are kept for ever', async () => {
  await using place = await openTestPlace('sqlite')
  const consoleFolder = path.join(place.dataFolder, 'console')
  await mkdir(path.join(consoleFolder, 'assets'), { recursive: true })
  await writeFile(path.join(consoleFolder, 'index.html'), '<title>Granary</title>')
  await writeFile(path.join(consoleFolder, 'assets/main-1a2b.js'), 'start()')
  await writeFile(path.join(place.dataFolder, 'server.txt'), 'not for the web')
  await using world = await startApiWorld(place, { consoleFolder })
  for (const address of ['/', '/customers', '/customers/cus_1/clients', '/setup?token=x']) {
    const page = await world.call<string>('GET', address, { key: null })
    assert.equal(page.status, 200)
    assert.match(page.body, /<title>Granary/)
    assert.equal(page.headers.get('cache-control'), 'no-cache')
    assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
  }
  const script = await world.call<string>('GET', '/assets/main-1a2b.js', { key: null })
  assert.equal(script.body, 'start()')
  assert.equal(script.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  for (const address of ['/..%2Fserver.txt', '/%2e%2e/server.txt', '/assets/..%2f..%2fserver.txt']) {
    const answer = await world.call<string>('GET', address, { key: null })
    assert.doesNotMatch(JSON.stringify(answer.body), /not for the web/)
  }
  for (const address of ['//customers', '//vault/acme/web01/config', '/customers//x', '/a%2F..%2Fb']) {
    await world.refused('route-not-found', 'GET', address, { key: null })
  }
  await world.refused('vault-not-found', 'GET', '/vault/', { key: null })
  await world.refused('method-not-allowed', 'POST', '/customers', { key: null })
  await world.refused('route-not-found', 'GET', '/api/nothing', { key: null })
})

test('without a built console a sentence says how to build it', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  const page = await world.call<string>('GET', '/', { key: null })
  assert.equal(page.status, 200)
  assert.match(page.body, /npm run build -w @granary\/console/)
})
