import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PackedBlob } from '../format/pack.ts'
import { BlobIndex, SharedBlobLookup } from './blob-index.ts'
import { encodeIndexFile, type IndexedPack, readIndexFile } from './index-file.ts'

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytes.toHex())
const blob: fc.Arbitrary<PackedBlob> = fc.record(
  {
    type: fc.constantFrom('data', 'tree'),
    id,
    offset: uint32,
    lengthBytes: uint32,
    uncompressedBytes: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  },
  { requiredKeys: ['type', 'id', 'offset', 'lengthBytes'] },
)
const packs: fc.Arbitrary<IndexedPack[]> = fc.uniqueArray(
  fc.record({ id, blobs: fc.array(blob, { maxLength: 20 }) }),
  { selector: (pack) => pack.id },
)

test('an index file that was written is read back, and every blob is found in all its places', () => {
  fc.assert(
    fc.property(packs, (written) => {
      const index = new BlobIndex()
      const packIds = index.addIndexFile(encodeIndexFile(written))
      assert.deepEqual(
        packIds,
        written.map((pack) => pack.id),
      )
      const all = written.flatMap((pack) => pack.blobs.map((each) => ({ packId: pack.id, ...each })))
      assert.deepEqual([...index.entries()], all)
      const shared = new SharedBlobLookup(index.share())
      for (const each of all) {
        const places = all.filter((other) => other.id === each.id && other.type === each.type)
        assert.deepEqual(index.getAll(each.type, each.id), places)
        assert.ok(shared.has(each.type, each.id))
      }
      assert.ok(!index.has('data', 'ab'.repeat(32)) || all.some((each) => each.id === 'ab'.repeat(32)))
    }),
  )
})

test('ten thousand blobs are found among many packs, and others are not', () => {
  const index = new BlobIndex()
  const idOf = (n: number) => n.toString(16).padStart(8, '0').padEnd(64, '7')
  for (let pack = 0; pack < 100; pack++) {
    const blobs = Array.from({ length: 100 }, (_, i) => ({
      type: 'data' as const,
      id: idOf(pack * 100 + i),
      offset: i,
      lengthBytes: 1,
    }))
    index.addPack({ id: idOf(1_000_000 + pack), blobs })
  }
  assert.equal(index.size, 10_000)
  for (let n = 0; n < 10_000; n++)
    assert.equal(index.get('data', idOf(n))?.packId, idOf(1_000_000 + Math.floor(n / 100)))
  for (let n = 10_000; n < 12_000; n++) assert.ok(!index.has('data', idOf(n)))
  assert.ok(!index.has('tree', idOf(5)))
})

test('a pack that several index files list counts once, with all the blobs that any of them names', () => {
  const index = new BlobIndex()
  const blobs: PackedBlob[] = [1, 2].map((n) => ({
    type: 'data',
    id: `${n}`.repeat(64),
    offset: n,
    lengthBytes: n,
  }))
  const packId = 'f'.repeat(64)
  index.addIndexFile(encodeIndexFile([{ id: packId, blobs: blobs.slice(0, 1) }]))
  index.addIndexFile(encodeIndexFile([{ id: packId, blobs }]))
  assert.equal(index.size, 2)
  assert.deepEqual(index.packIds, [packId])
})

test('whitespace, unknown keys, nulls and the order of keys do not matter', () => {
  const blobId = 'a'.repeat(64)
  const packId = 'b'.repeat(64)
  const json = `{ "supersedes" : ["x", {"deep": [1, -2.5e3, true, null, "\\"\\u0041"]}], "packs": [
    {"blobs":[{"length":7,"offset":3,"new":{},"type":"tree","id":"${blobId}"}],"id":"${packId}","size":12345678901234}
  ]}`
  const index = new BlobIndex()
  index.addIndexFile(Buffer.from(json))
  assert.deepEqual(index.get('tree', blobId), { packId, type: 'tree', id: blobId, offset: 3, lengthBytes: 7 })
  assert.deepEqual(new BlobIndex().addIndexFile(Buffer.from('{"packs":null}\n')), [])
  assert.deepEqual(new BlobIndex().addIndexFile(Buffer.from('{}')), [])
})

test('what is no index is refused, wherever it is cut or changed', () => {
  const packId = 'b'.repeat(64)
  const blobs: PackedBlob[] = [
    { type: 'data', id: 'a'.repeat(64), offset: 3, lengthBytes: 7, uncompressedBytes: 9 },
  ]
  const valid = Buffer.from(encodeIndexFile([{ id: packId, blobs }]))
    .toString()
    .trimEnd()
  const ignore = { pack() {}, blob() {} }
  for (let length = 0; length < valid.length; length++) {
    assert.throws(() => readIndexFile(Buffer.from(valid.slice(0, length)), ignore), SyntaxError)
  }
  for (const [from, to] of [
    ['"offset":3', '"offset":-3'],
    ['"offset":3', '"offset":4294967296'],
    ['"offset":3', '"offset":3.5'],
    ['"type":"data"', '"type":"door"'],
    ['aaaa', 'AAAA'],
    ['"id":"bbbb', '"no":"bbbb'],
    ['}]}', '}]}x'],
  ] as const) {
    assert.throws(() => readIndexFile(Buffer.from(valid.replace(from, to)), ignore), SyntaxError, to)
  }
  assert.throws(() => readIndexFile(Buffer.from(`{"x":${'['.repeat(10_000)}`), ignore), SyntaxError)
})
