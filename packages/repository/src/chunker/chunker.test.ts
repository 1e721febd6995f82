import assert from 'node:assert/strict'
import { createCipheriv, hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { RepositoryProblem } from '../repository-problem.ts'
import { Chunker, maxChunkBytes, minChunkBytes } from './chunker.ts'
import { drawPolynomial, isIrreducible, remainder } from './rabin-polynomial.ts'

const polynomial = 0x3da3358b4dc173n

/** The first bytes of AES-256-CTR under the zero key: random to look at, the same on every machine. */
function keystream(bytes: number): Uint8Array {
  return createCipheriv('aes-256-ctr', new Uint8Array(32), new Uint8Array(16)).update(new Uint8Array(bytes))
}

test('16 MiB of a known stream are cut where restic cuts them', () => {
  const data = keystream(16 * 1024 * 1024)
  assert.equal(hash('sha256', data), '2ed49096a2b822e24f0c7b3bb3ca9c1d3e525f0dbe2f2c62ee2c2cdd630171f9')
  const lengths = new Chunker(polynomial).split(data)
  assert.deepEqual(
    lengths,
    [551133, 640712, 2766582, 898583, 2782732, 2263350, 531615, 1191198, 3039727, 2111584],
  )
  assert.equal(
    hash('sha256', data.subarray(0, lengths[0])),
    '3ce030d97b29f48d1976586188dbcda336f6a3cbefa0688044e6cb9e1dbd5b58',
  )
  assert.equal(
    hash('sha256', data.subarray(data.length - (lengths.at(-1) ?? 0))),
    'ec92c95be9840a99bd6811c16da5df3792994ea663d923b1b68d416883ebf042',
  )
})

test('zeros are cut every 512 KiB', () => {
  const lengths = new Chunker(polynomial).split(new Uint8Array(2 * 1024 * 1024))
  assert.deepEqual(lengths, [minChunkBytes, minChunkBytes, minChunkBytes, minChunkBytes])
  assert.equal(
    hash('sha256', new Uint8Array(minChunkBytes)),
    '07854d2fef297a06ba81685e660c332de36d5d18d546927d30daad6d7fda1541',
  )
})

/** The fingerprint by its definition: the 64 bytes as one polynomial modulo P. */
function cutByDefinition(data: Uint8Array): number {
  for (let length = minChunkBytes; length < data.length; length++) {
    let print = 0n
    for (const byte of data.subarray(length - 64, length))
      print = remainder((print << 8n) | BigInt(byte), polynomial)
    if ((print & 0xfffffn) === 0n) return length
  }
  return -1
}

test('a cut is where the definition says, however the scan is divided', () => {
  // The first chunk of the known stream ends at 551133; what lies just before the end is the hard part.
  const data = keystream(551_200)
  assert.equal(cutByDefinition(data.subarray(0, 524_288 + 50)), -1)
  const chunker = new Chunker(polynomial)
  chunker.buffer.set(data)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 551_200 }),
      fc.integer({ min: 524_288, max: 551_200 }),
      (firstEnd, laterEnd) => {
        const early = chunker.findCut(0, firstEnd)
        assert.equal(early, firstEnd > 551_133 ? 551_133 : -1)
        const later = chunker.findCut(0, Math.max(laterEnd, firstEnd), early < 0 ? firstEnd : 0)
        assert.equal(later, Math.max(laterEnd, firstEnd) > 551_133 ? 551_133 : -1)
      },
    ),
  )
})

test('chunks of any data add up to it, and keep to the limits', () => {
  const chunker = new Chunker(polynomial)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000_000 }), fc.integer({ min: 1, max: 255 }), (bytes, step) => {
      const data = new Uint8Array(bytes)
      for (let i = 0; i < bytes; i += step) data[i] = i * step
      const lengths = chunker.split(data)
      assert.equal(
        lengths.reduce((sum, length) => sum + length, 0),
        bytes,
      )
      for (const length of lengths.slice(0, -1)) assert.ok(length >= minChunkBytes && length <= maxChunkBytes)
    }),
    { numRuns: 15 },
  )
})

test('only irreducible polynomials of degree 53 are accepted, and only such are drawn', () => {
  assert.ok(isIrreducible(0x3da3358b4dc173n))
  assert.ok(isIrreducible(0x2482734cacca49n))
  assert.ok(!isIrreducible(0x38f1e565e288dfn))
  assert.throws(() => new Chunker(0x38f1e565e288dfn), RepositoryProblem)
  assert.throws(() => new Chunker(7n), RepositoryProblem)
  let seed = 1
  const drawn = drawPolynomial((length) => keystream(length * ++seed).slice(-length))
  assert.ok(isIrreducible(drawn) && drawn.toString(2).length === 54)
})
