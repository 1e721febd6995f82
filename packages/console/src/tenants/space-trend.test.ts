import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spaceTrend } from './space-trend.ts'

const GB = 1e9
const space = (usedBytesMonthAgo: number | null, usedBytes: number, allottedBytes: number | null = null) => ({
  usedBytesMonthAgo,
  usedBytes,
  allottedBytes,
})

test('used space that grew is heading up, and full when its pace says', () => {
  assert.deepEqual(spaceTrend(space(10 * GB, 20 * GB)), {
    direction: 'up',
    bytes: 10 * GB,
    fullInDays: null,
  })
  assert.equal(spaceTrend(space(10 * GB, 20 * GB, 40 * GB))?.fullInDays, 60)
  assert.equal(spaceTrend(space(0, 20 * GB, 21 * GB))?.fullInDays, 2)
})

test('what is full already, or not for years, is not foretold', () => {
  for (const allotted of [20 * GB, 19 * GB, 2000 * GB]) {
    assert.equal(spaceTrend(space(10 * GB, 20 * GB, allotted))?.fullInDays, null)
  }
})

test('used space that shrank is heading down', () => {
  assert.deepEqual(spaceTrend(space(20 * GB, 10 * GB, 30 * GB)), {
    direction: 'down',
    bytes: 10 * GB,
    fullInDays: null,
  })
})

test('without a past, and where little moved, it is heading nowhere', () => {
  assert.equal(spaceTrend(space(null, 20 * GB)), null)
  assert.equal(spaceTrend(space(100 * GB, 104 * GB)), null)
  assert.equal(spaceTrend(space(0, 900_000)), null)
  assert.equal(spaceTrend(space(0, 0, 0)), null)
})
