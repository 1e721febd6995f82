import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Parts, partsToDraw, together, unitsOf } from './parts-to-draw.ts'

test('a change draws the difference, put down to what it is for', () => {
  const cases: [needed: Parts, drawn: Parts, toDraw: Parts][] = [
    [{ server: 2, mssql: 3 }, {}, { server: 2, mssql: 3 }],
    [{ server: 2 }, { workstation: 1 }, { server: 1 }],
    [{ workstation: 1, mssql: 3 }, { workstation: 1 }, { mssql: 3 }],
    [{ workstation: 1, exchange: 2 }, { workstation: 1, mssql: 3 }, {}],
    [{ server: 2, mssql: 5, oracle: 0 }, { server: 2, mssql: 3 }, { mssql: 2 }],
  ]
  for (const [needed, drawn, toDraw] of cases) assert.deepEqual(partsToDraw(needed, drawn), toDraw)
})

test('however often a client changes in a month, it has drawn the most that it needed at once', () => {
  const needs = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 9 }))
  fc.assert(
    fc.property(fc.array(needs, { minLength: 1, maxLength: 8 }), (changes) => {
      let drawn: Parts = {}
      for (const needed of changes) {
        const more = partsToDraw(needed, drawn)
        assert.ok(Object.values(more).every((units) => units > 0))
        drawn = together(drawn, more)
      }
      assert.equal(unitsOf(drawn), Math.max(...changes.map(unitsOf)))
    }),
  )
})
