import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AllotmentChange, statementOf } from './statement.ts'

const months = ['2026-03', '2026-02', '2026-01']

test('a statement adds up, with a number since it was first allotted', () => {
  const rows = statementOf(
    [
      { month: '2026-03', used: 7 },
      { month: '2026-02', used: 5 },
      { month: '2026-01', used: 4 },
    ],
    [
      { month: '2026-02', leftBefore: null, leftAfter: 20, usedBefore: 2 },
      { month: '2026-03', leftBefore: 17, leftAfter: 27, usedBefore: 0 },
    ],
    20,
  )
  assert.deepEqual(rows, [
    { month: '2026-03', opening: 17, added: 10, used: 7, closing: 20 },
    { month: '2026-02', opening: null, added: 20, used: 5, closing: 17 },
    { month: '2026-01', opening: null, added: 0, used: 4, closing: null },
  ])
})

test('a number that was given up leaves an opening and no closing', () => {
  const [row] = statementOf(
    [{ month: '2026-03', used: 9 }],
    [{ month: '2026-03', leftBefore: 6, leftAfter: null, usedBefore: 4 }],
    null,
  )
  assert.deepEqual(row, { month: '2026-03', opening: 10, added: 0, used: 9, closing: null })
})

test('a month in which a number was given up and another one set adds up, with what was drawn in between', () => {
  const month = '2026-03'
  const rows = statementOf(
    [{ month, used: 9 }],
    [
      { month, leftBefore: 6, leftAfter: null, usedBefore: 4 },
      { month, leftBefore: null, leftAfter: 20, usedBefore: 7 },
    ],
    18,
  )
  // Four drawn of ten; the six left given up, three drawn without a number, twenty set and two of them drawn.
  assert.deepEqual(rows, [{ month, opening: 10, added: -6 + 3 + 20, used: 9, closing: 18 }])
})

test('whatever is drawn and allotted in whatever order, each month opens as the one before closed', () => {
  const event = fc.record({
    month: fc.integer({ min: 0, max: 2 }),
    draw: fc.option(fc.integer({ min: 1, max: 5 })),
    left: fc.option(fc.integer({ min: 0, max: 50 })),
  })
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 20 }),
      fc.option(fc.integer({ min: 0, max: 50 })),
      (events, begins) => {
        let left = begins
        const used = new Map<string, number>()
        const opened = new Map<string, number | null>()
        const changes: AllotmentChange[] = []
        const inOrder = events.toSorted((a, b) => a.month - b.month)
        for (const [number, name] of ['2026-01', '2026-02', '2026-03'].entries()) {
          opened.set(name, left)
          for (const one of inOrder.filter(({ month }) => month === number)) {
            const so = used.get(name) ?? 0
            if (one.draw !== null) {
              used.set(name, so + one.draw)
              left = left === null ? null : left - one.draw
            } else if (one.left !== left) {
              changes.push({ month: name, leftBefore: left, leftAfter: one.left, usedBefore: so })
              left = one.left
            }
          }
        }
        const rows = statementOf(
          months.map((month) => ({ month, used: used.get(month) ?? 0 })),
          changes,
          left,
        )
        for (const row of rows) {
          assert.equal(row.opening, opened.get(row.month), row.month)
          if (row.opening !== null && row.closing !== null)
            assert.equal(row.opening + row.added - row.used, row.closing, row.month)
        }
      },
    ),
  )
})
