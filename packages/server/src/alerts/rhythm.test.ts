import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overdueAfterMs } from './rhythm.ts'

const hour = 60 * 60_000
const every = (gap: number, times: number) => Array.from({ length: times }, (_, n) => n * gap * hour)

test('a client is overdue by its own rhythm', () => {
  assert.equal(overdueAfterMs(every(1, 8)), 26 * hour, 'hourly: machines may be off for a night')
  assert.equal(overdueAfterMs(every(24, 8)), 48 * hour)
  assert.equal(overdueAfterMs(every(168, 4)), 264 * hour, 'weekly')
  assert.equal(overdueAfterMs(every(24, 8).toReversed()), 48 * hour, 'in any order')
})

test('a holiday or a few backups by hand do not change a rhythm', () => {
  const daily = every(24, 6)
  assert.equal(overdueAfterMs([...daily, 20 * 24 * hour]), 48 * hour)
  assert.equal(overdueAfterMs([...daily, 24 * hour + 60_000]), 48 * hour)
})

test('whose rhythm is not known gets three days', () => {
  for (const times of [[], [0], [0, hour]]) assert.equal(overdueAfterMs(times), 72 * hour)
})
