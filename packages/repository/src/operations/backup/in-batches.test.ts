import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InBatches } from './in-batches.ts'

test('few items are shared out, many go together, and the latest come first', async () => {
  const batches: (readonly number[])[] = []
  const doubled = new InBatches<number, number>({ batchesAtOnce: 2, itemsPerBatch: 3 }, async (items) => {
    batches.push(items)
    return items.map((item) => item * 2)
  })
  assert.deepEqual(await Promise.all([1, 2].map((item) => doubled.run(item))), [2, 4])
  assert.deepEqual(batches.splice(0), [[2], [1]])
  const many = Array.from({ length: 8 }, (_, item) => item)
  assert.deepEqual(
    await Promise.all(many.map((item) => doubled.run(item))),
    many.map((item) => item * 2),
  )
  assert.deepEqual(batches.slice(0, 2), [
    [5, 6, 7],
    [2, 3, 4],
  ])
  assert.deepEqual(batches.flat().toSorted(), many)
})

test('what a batch does not begin comes with another one, and a failure is that of its batch only', async () => {
  const asked: number[] = []
  const onlyFirst = new InBatches<number, number>({ batchesAtOnce: 1, itemsPerBatch: 4 }, async (items) => {
    asked.push(items.length)
    if (items.includes(-1)) throw new RangeError('a batch failed')
    return items.map((item, nth) => (nth === 0 ? item : null))
  })
  assert.deepEqual(await Promise.all([1, 2, 3].map((item) => onlyFirst.run(item))), [1, 2, 3])
  assert.deepEqual(asked, [3, 2, 1])
  await assert.rejects(onlyFirst.run(-1), RangeError)
  assert.equal(await onlyFirst.run(4), 4)
})
