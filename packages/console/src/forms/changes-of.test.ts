import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from './changes-of.ts'

test('what was not touched is not sent, part by part; lists are sent whole', () => {
  const before = {
    name: 'a',
    space: { allottedBytes: 5 as number | null },
    plugins: ['x'],
    trial: { days: 1, keepDays: 2 },
  }
  assert.deepEqual(changesOf(before, structuredClone(before)), {})
  assert.deepEqual(changesOf(before, { ...before, trial: { days: 1, keepDays: 3 } }), {
    trial: { keepDays: 3 },
  })
  assert.deepEqual(changesOf(before, { ...before, space: { allottedBytes: null }, plugins: ['x', 'y'] }), {
    space: { allottedBytes: null },
    plugins: ['x', 'y'],
  })
})

test('what is there for the first time, or is no number, is a change', () => {
  const before: { trial?: { endsAt: number } | null; days: number | null } = { days: null }
  assert.deepEqual(changesOf(before, { trial: { endsAt: 7 }, days: null }), { trial: { endsAt: 7 } })
  assert.deepEqual(changesOf(before, { trial: null, days: Number.NaN }), { trial: null, days: Number.NaN })
})
