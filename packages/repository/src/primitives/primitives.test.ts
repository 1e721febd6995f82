import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constants, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { nativePrimitives } from './native-primitives.ts'
import { parallelScrypt } from './parallel-scrypt.ts'
import { portablePrimitives } from './portable-primitives.ts'

const native = nativePrimitives ?? portablePrimitives
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.tuple(fc.nat(300_000), fc.nat(255)).map(([n, fill]) => new Uint8Array(n).fill(fill)),
)

test('this Node lets its own zstd and OpenSSL be called', () => {
  assert.ok(nativePrimitives)
})

test('both kinds of primitives encrypt and authenticate alike', () => {
  fc.assert(
    fc.property(bytes(32), bytes(16), content, (key, iv, input) => {
      const [ours, portable] = [new Uint8Array(input.length), new Uint8Array(input.length)]
      native.aes256Ctr(key, iv, input, ours)
      portablePrimitives.aes256Ctr(key, iv, input, portable)
      assert.deepEqual(ours, portable)
      native.aes256Ctr(key, iv, ours, ours)
      assert.deepEqual(ours, input)
      const half = key.slice(0, 16)
      assert.deepEqual(
        native.aes128Block(half, iv),
        Uint8Array.from(portablePrimitives.aes128Block(half, iv)),
      )
      // Another key, and the first one again: none is mistaken for the one before.
      const other = key.slice(16)
      assert.deepEqual(
        native.aes128Block(other, iv),
        Uint8Array.from(portablePrimitives.aes128Block(other, iv)),
      )
      assert.deepEqual(
        native.aes128Block(half, iv),
        Uint8Array.from(portablePrimitives.aes128Block(half, iv)),
      )
      assert.deepEqual(native.poly1305(key, input), portablePrimitives.poly1305(key, input))
    }),
  )
})

test('what either compresses, both decompress, and nothing is written beyond the output', () => {
  fc.assert(
    fc.property(content, fc.integer({ min: 1, max: 5 }), (input, level) => {
      for (const compressor of [native, portablePrimitives]) {
        const frame = new Uint8Array(input.length + 1000)
        const frameBytes = compressor.zstdCompress(input, level, frame)
        assert.ok(frameBytes > 0)
        for (const decompressor of [native, portablePrimitives]) {
          const output = new Uint8Array(input.length)
          assert.equal(decompressor.zstdDecompress(frame.subarray(0, frameBytes), output), input.length)
          assert.deepEqual(output, input)
          const exact = frame.subarray(0, frameBytes)
          assert.ok(decompressor.zstdHolds(exact, input))
          if (input.length < 2) continue
          const other = input.slice()
          other[other.length - 1] = (other.at(-1) ?? 0) ^ 1
          for (const wrong of [other, input.subarray(1), Buffer.concat([input.subarray(0, 9), input])]) {
            assert.ok(!decompressor.zstdHolds(exact, wrong))
          }
          assert.ok(!decompressor.zstdHolds(exact.subarray(0, -1), input))
          const short = new Uint8Array(input.length)
          assert.throws(() =>
            decompressor.zstdDecompress(frame.subarray(0, frameBytes), short.subarray(0, -1)),
          )
          assert.equal(short.at(-1), 0)
        }
      }
    }),
    { numRuns: 50 },
  )
})

test('a frame that does not fit is not written, and a damaged one is an error', () => {
  const input = portablePrimitives.randomBytes(1000)
  const frame = new Uint8Array(2000)
  for (const primitives of [native, portablePrimitives]) {
    assert.equal(primitives.zstdCompress(input, 3, new Uint8Array(500)), -1)
    const frameBytes = primitives.zstdCompress(input, 3, frame)
    for (let length = 0; length < frameBytes; length += 50) {
      assert.throws(() => primitives.zstdDecompress(frame.subarray(0, length || 1), new Uint8Array(1000)))
    }
  }
})

test('scrypt is the same whether its lanes run side by side or one after the other', async () => {
  const salt = new TextEncoder().encode('NaCl')
  // RFC 7914, section 12: small, and so not worth threads.
  const vector = await parallelScrypt('password', salt, { N: 1024, r: 8, p: 16 }, 64)
  assert.match(vector.toHex(), /^fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162/)
  for (const cost of [
    { N: 16_384, r: 8, p: 5 },
    { N: 65_536, r: 3, p: 3 },
  ]) {
    const [sideBySide, inTurn] = await Promise.all([
      parallelScrypt('a password', salt, cost, 64),
      portablePrimitives.scrypt('a password', salt, cost, 64),
    ])
    assert.equal(sideBySide.toHex(), inTurn.toHex())
  }
})

test('a frame of unknown length is decompressed, and one that holds too much is refused', () => {
  const input = new Uint8Array(100_000).fill(7)
  const frame = new Uint8Array(200_000)
  const withLength = frame.subarray(0, native.zstdCompress(input, 3, frame))
  const withoutLength = zstdCompressSync(input, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } })
  for (const primitives of [native, portablePrimitives]) {
    for (const compressed of [withLength, withoutLength]) {
      assert.deepEqual(Uint8Array.from(primitives.zstdDecompressUnsized(compressed, 100_000)), input)
      assert.throws(() => primitives.zstdDecompressUnsized(compressed, 99_999))
      assert.throws(() => primitives.zstdDecompressUnsized(compressed.subarray(0, -1), 100_000))
      assert.throws(() => primitives.zstdDecompressUnsized(Uint8Array.of(1, 2, 3), 100_000))
    }
  }
})
