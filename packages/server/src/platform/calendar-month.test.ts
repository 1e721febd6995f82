import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarMonth, monthBefore } from './calendar-month.ts'

test('a month begins at midnight of the server’s time zone', () => {
  const before = process.env.TZ
  const lastOfNovember = Date.UTC(2026, 10, 30, 12)
  const firstOfMarch = Date.UTC(2026, 2, 1, 3)
  try {
    for (const [zone, months] of [
      ['Pacific/Auckland', ['2026-12', '2026-03']],
      ['Europe/Vienna', ['2026-11', '2026-03']],
      ['America/Los_Angeles', ['2026-11', '2026-02']],
    ] as const) {
      process.env.TZ = zone
      assert.deepEqual([calendarMonth(lastOfNovember), calendarMonth(firstOfMarch)], months, zone)
    }
  } finally {
    process.env.TZ = before
  }
})

test('months are counted back over the turn of the year', () => {
  assert.deepEqual(
    [0, 1, 11, 12, 25].map((months) => monthBefore('2026-11', months)),
    ['2026-11', '2026-10', '2025-12', '2025-11', '2024-10'],
  )
})
