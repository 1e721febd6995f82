import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes, splitBytes, toBytes, unitSystems } from './units.ts'

test('sizes have three significant figures, in the units that are preferred', () => {
  const sizes = [
    [0, '0 B', '0 B'],
    [999, '999 B', '999 B'],
    [1000, '1.00 kB', '1000 B'],
    [1023, '1.02 kB', '1023 B'],
    [1024, '1.02 kB', '1.00 KiB'],
    [999_499, '999 kB', '976 KiB'],
    [999_500, '1.00 MB', '976 KiB'],
    [1_048_063, '1.05 MB', '1023 KiB'],
    [1_048_064, '1.05 MB', '1.00 MiB'],
    [2e12, '2.00 TB', '1.82 TiB'],
    [5e18, '5000 PB', '4441 PiB'],
  ] as const
  for (const [bytes, decimal, binary] of sizes) {
    assert.deepEqual([formatBytes(bytes), formatBytes(bytes, 'binary')], [decimal, binary])
  }
})

test('a size is taken apart as somebody would have written it, and comes together to the byte', () => {
  assert.deepEqual(splitBytes(2e12), { amount: 2, unit: 'TB' })
  assert.deepEqual(splitBytes(1_001_000_000), { amount: 1.001, unit: 'GB' })
  assert.deepEqual(splitBytes(2 * 1024 ** 4, 'binary'), { amount: 2, unit: 'TiB' })
  assert.deepEqual(
    splitBytes(2 * 1024 ** 4),
    { amount: 2, unit: 'TiB' },
    'what was set in binary units stays',
  )
  assert.deepEqual(splitBytes(2e12, 'binary'), { amount: 2, unit: 'TB' }, 'and in decimal ones')
  assert.deepEqual(splitBytes(0), { amount: 0, unit: 'B' })
  for (let power = 0; power < 50; power++) {
    const bytes = Math.floor(1.37 * 2 ** power) + power
    for (const system of Object.keys(unitSystems) as (keyof typeof unitSystems)[]) {
      const { amount, unit } = splitBytes(bytes, system)
      assert.equal(toBytes(amount, unit), bytes, `${amount} ${unit}`)
    }
  }
})
