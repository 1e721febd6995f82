import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partOf } from './read-object.ts'

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
