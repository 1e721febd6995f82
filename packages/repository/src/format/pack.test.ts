import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { masterKeyFromBytes, RepositoryCipher } from '../crypto/repository-cipher.ts'
import { PackBuilder } from '../packs/pack-builder.ts'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { BlobDecoder, BlobEncoder, DamagedBlobError } from './blob.ts'
import { locatePackHeader, parsePackHeader } from './pack.ts'

const cipher = new RepositoryCipher(nodePrimitives, masterKeyFromBytes(nodePrimitives.randomBytes(64)))
const blobContent = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc
    .tuple(fc.integer({ min: 1, max: 200_000 }), fc.nat(255))
    .map(([n, fill]) => new Uint8Array(n).fill(fill)),
)

function readBlobs(content: Uint8Array) {
  const { offset, length } = locatePackHeader(content.slice(-4), content.length)
  return parsePackHeader(cipher.open(content.slice(offset, offset + length)), offset)
}

test('whatever a pack is filled with, its header lists it and each blob can be had back', () => {
  fc.assert(
    fc.property(fc.array(blobContent, { minLength: 1, maxLength: 20 }), fc.nat(4), (contents, level) => {
      const builder = new PackBuilder(nodePrimitives, cipher, 'data')
      const encoder = new BlobEncoder(nodePrimitives, level)
      for (const content of contents) builder.add(nodePrimitives.sha256Hex(content), encoder.encode(content))
      const pack = builder.finish()
      assert.equal(pack.id, nodePrimitives.sha256Hex(pack.content))
      const blobs = readBlobs(pack.content)
      assert.deepEqual(blobs, pack.blobs)
      const decoder = new BlobDecoder(nodePrimitives, cipher)
      for (const [i, blob] of blobs.entries()) {
        const sealed = pack.content.slice(blob.offset, blob.offset + blob.lengthBytes)
        assert.deepEqual(new Uint8Array(decoder.decode(sealed, blob)), contents[i])
      }
    }),
    { numRuns: 50 },
  )
})

test('a builder that was emptied begins a new pack', () => {
  const builder = new PackBuilder(nodePrimitives, cipher, 'tree', 1000)
  const content = nodePrimitives.randomBytes(600)
  builder.add('aa'.repeat(32), { content })
  assert.ok(!builder.isFull)
  builder.add('bb'.repeat(32), { content })
  assert.ok(builder.isFull)
  assert.equal(readBlobs(builder.finish().content).length, 2)
  assert.ok(builder.isEmpty)
  const large = new Uint8Array(20_000_000)
  builder.add('cc'.repeat(32), { content: large })
  assert.equal(readBlobs(builder.finish().content)[0]?.lengthBytes, large.length + 32)
})

test('a header that does not fit its pack is refused', () => {
  const lastBytes = (length: number) => new Uint8Array(new Uint32Array([length]).buffer)
  for (const length of [0, 68, 1001, 2 ** 31, 2 ** 32 - 1]) {
    assert.throws(() => locatePackHeader(lastBytes(length), 1000), SyntaxError)
  }
  assert.throws(() => locatePackHeader(new Uint8Array(3), 1000), SyntaxError)
  const entry = new Uint8Array(37)
  new DataView(entry.buffer).setUint32(1, 100, true)
  assert.equal(parsePackHeader(entry, 100).length, 1)
  assert.throws(() => parsePackHeader(entry, 99), SyntaxError)
  assert.throws(() => parsePackHeader(entry.subarray(0, 36), 100), SyntaxError)
  entry[0] = 4
  assert.throws(() => parsePackHeader(entry, 100), SyntaxError)
  entry[0] = 0
  entry[1] = 31
  assert.throws(() => parsePackHeader(entry, 31), SyntaxError)
})

test('a blob that claims another length than it has, or bursts, is refused', () => {
  const plaintext = new Uint8Array(1_000_000)
  const { content } = new BlobEncoder(nodePrimitives, 3).encode(plaintext)
  const blob = { type: 'data', id: nodePrimitives.sha256Hex(plaintext), offset: 0, lengthBytes: 0 } as const
  const decode = (uncompressedBytes: number | undefined, id: string = blob.id) =>
    new BlobDecoder(nodePrimitives, cipher).decode(cipher.seal(content), {
      ...blob,
      id,
      ...(uncompressedBytes === undefined ? {} : { uncompressedBytes }),
    })
  assert.equal(decode(1_000_000).length, 1_000_000)
  for (const claimed of [1, 999_999, 1_000_001, 2 ** 32 - 1])
    assert.throws(() => decode(claimed), DamagedBlobError)
  assert.throws(() => decode(undefined), DamagedBlobError)
  assert.throws(() => decode(1_000_000, '00'.repeat(32)), DamagedBlobError)
})
