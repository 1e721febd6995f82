import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limited } from './limited-store.ts'
import { MemoryStore } from './memory-store.ts'
import { describeObjectStore } from './object-store-conformance.ts'
import { RateLimit } from './rate-limit.ts'

describeObjectStore('limited store', async () => {
  const store = limited(new MemoryStore(), { uploads: new RateLimit(1e9), downloads: new RateLimit(1e9) })
  return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
})

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

test('all that passes a limit together takes its time, and locks pass by', async () => {
  const store = limited(new MemoryStore(), { uploads: new RateLimit(100_000) })
  const content = new Uint8Array(10_000)
  const write = (type: 'data' | 'locks', digit: string) =>
    store.write({ type, name: digit.repeat(64) }, content)
  const seconds = await secondsOf(() => Promise.all(['a', 'b', 'c'].map((digit) => write('data', digit))))
  // A timer may be a millisecond early.
  assert.ok(seconds >= 0.29, `30 kB at 100 kB/s took ${seconds} s`)
  const slow = limited(store, { uploads: new RateLimit(1), downloads: new RateLimit(1) })
  await slow.write({ type: 'locks', name: 'd'.repeat(64) }, content)
  assert.equal((await slow.read({ type: 'locks', name: 'd'.repeat(64) })).length, content.length)
})
