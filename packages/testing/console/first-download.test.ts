import assert from 'node:assert/strict'
import { test } from 'node:test'
import { downloadsOf } from '@granary/testing'
import { startConsoleWorld } from './console-world.ts'

const mostBytes = 400_000
/** Each is a round trip on a line far away, six at a time. */
const mostFiles = 30

test('with nothing in its cache a browser downloads less than 400 kB, in a few files', async () => {
  await using world = await startConsoleWorld()
  await world.customer({ name: 'Bakery' })
  const sizes = await downloadsOf(world.page)
  const asked: string[] = []
  world.page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await world.open('/customers')
  await world.page.getByRole('row', { name: 'Select Bakery' }).waitFor()
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  assert.ok(bytes > 50_000, `${bytes} bytes can't be all of it`)
  assert.ok(bytes < mostBytes, `${bytes} bytes`)
  assert.ok(sizes.length <= mostFiles, `${sizes.length} files`)
  assert.ok(asked.some((file) => /\/lists-.*\.js$/.test(file)))
  assert.deepEqual(
    asked.filter((file) => /\/forms-.*\.js$/.test(file)),
    [],
    'a list needs nothing of forms',
  )
})
