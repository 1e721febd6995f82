import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { within } from '@granary/testing'
import { openTestPlace } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { partOf, readObject } from './read-object.ts'

const whole = { start: 0, end: 1000, ranged: false }
const cases: [string | undefined, ReturnType<typeof partOf>][] = [
  [undefined, whole],
  ['bytes=0-', { start: 0, end: 1000, ranged: true }],
  ['bytes=10-19', { start: 10, end: 20, ranged: true }],
  ['bytes=999-', { start: 999, end: 1000, ranged: true }],
  ['bytes=990-2000', { start: 990, end: 1000, ranged: true }],
  ['bytes=-100', { start: 900, end: 1000, ranged: true }],
  ['bytes=-2000', { start: 0, end: 1000, ranged: true }],
  ['bytes=20-10', whole],
  ['bytes=-', whole],
  ['bytes=a-b', whole],
  ['bytes=0-1,5-6', whole],
  ['items=0-1', whole],
]
for (const [range, part] of cases) {
  test(`of 1000 bytes, ${range} is ${part.start} to ${part.end}${part.ranged ? '' : ', whole'}`, () => {
    assert.deepEqual(partOf(1000, range), part)
  })
}

test('a range past the end is refused with the size; of nothing, any range is nothing', () => {
  assert.throws(() => partOf(1000, 'bytes=1000-'), {
    code: 'range-not-satisfiable',
    facts: { sizeBytes: 1000 },
  })
  assert.deepEqual(partOf(0, 'bytes=0-9'), { start: 0, end: 0, ranged: false })
})

test('an answer of which nothing is taken is given up, and one that is taken little by little is not', async () => {
  await using place = await openTestPlace('sqlite')
  const world = await openVaultWorld(place.database)
  const access = await world.client('web01')
  const { handle } = await world.put(access, 'data', 'x'.repeat(24_000_000))
  let ended = 0
  const server = createServer(async (_, response) => {
    await readObject({ ...world, silenceMs: 250 }, access, handle, undefined, response)
    ended += 1
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const ask = () => {
    const receiver = connect(port, '127.0.0.1')
    receiver.write('GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n')
    return receiver
  }
  const stalled = ask().pause()
  await within(10_000, async () => assert.equal(ended, 1))
  stalled.destroy()

  const began = performance.now()
  let receivedBytes = 0
  for await (const chunk of ask()) {
    receivedBytes += chunk.length
    // Much slower than it could be, so that all of it takes longer than a silence may.
    await pause(receivedBytes < 12_000_000 ? 4 : 0)
  }
  assert.ok(receivedBytes > 24_000_000)
  assert.ok(performance.now() - began > 500)
  server.close()
})
