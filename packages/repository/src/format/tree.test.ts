import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { timeText } from '../filesystem/file-metadata.ts'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { anyNode } from '../test-world/any-node.ts'
import { goModeFromUnix, nodeTypeFromUnix, unixPermissions } from './file-mode.ts'
import { formatGoTime, parseGoTime } from './go-time.ts'
import { emptyTreeId, encodeTree, parseTree, type TreeNode } from './tree.ts'

const time = '2024-03-01T12:34:56.789Z'
const base = { mtime: time, atime: time, ctime: time, uid: 0, gid: 0 }
const id = 'ab'.repeat(32)

test('a tree has the bytes and the id that restic gives it', () => {
  assert.equal(nodePrimitives.sha256Hex(encodeTree([])), emptyTreeId)
  const node: TreeNode = {
    ...base,
    name: 'a"<\xff',
    type: 'file',
    mode: 0o644,
    user: 'root',
    inode: 2n ** 63n + 1n,
    deviceId: 65024n,
    size: 5,
    links: 1,
    content: [id],
  }
  assert.equal(
    Buffer.from(encodeTree([node])).toString(),
    `{"nodes":[{"name":"a\\\\\\"\\u003cÿ","type":"file","mode":420,"mtime":"${time}","atime":"${time}",` +
      `"ctime":"${time}","uid":0,"gid":0,"user":"root","inode":9223372036854775809,"device_id":65024,"size":5,` +
      `"links":1,"content":["${id}"]}]}\n`,
  )
})

test('any tree can be read back, numbers beyond 2^53 included', () => {
  fc.assert(
    fc.property(fc.array(anyNode), (nodes) => {
      assert.deepEqual(
        JSON.parse(JSON.stringify(parseTree(encodeTree(nodes)), text)),
        JSON.parse(JSON.stringify(nodes, text)),
      )
    }),
  )
})

const text = (_key: string, value: unknown) => {
  if (typeof value === 'bigint') return `${value}n`
  return value instanceof Uint8Array ? value.toHex() : value
}

test('what is no tree is refused', () => {
  const valid = { name: 'x', type: 'file', ...base, content: [id] }
  const bad = [
    ...['', '{', '[]', '{}', '{"nodes":{}}', '{"nodes":[null]}', '\xff'],
    ...[{ type: 'door' }, { name: 7 }, { name: '\\q' }, { content: ['abc'] }, { content: 'x' }].map(
      (change) => JSON.stringify({ nodes: [{ ...valid, ...change }] }),
    ),
    ...[{ subtree: '../..' }, { mode: -1 }, { size: 1.5 }, { uid: 'root' }, { extended_attributes: {} }].map(
      (change) => JSON.stringify({ nodes: [{ ...valid, ...change }] }),
    ),
    ...[{ mtime: '' }, { atime: 'garbage' }, { ctime: '2024-13-01T00:00:00Z' }, { mtime: 17 }].map((change) =>
      JSON.stringify({ nodes: [{ ...valid, ...change }] }),
    ),
  ]
  for (const json of bad) assert.throws(() => parseTree(Buffer.from(json, 'latin1')), SyntaxError, json)
})

test('permissions and kinds of files survive the way through Go', () => {
  for (const kind of [0o010000, 0o020000, 0o040000, 0o060000, 0o100000, 0o120000, 0o140000]) {
    for (const permissions of [0, 0o777, 0o4755, 0o2755, 0o1777, 0o7777]) {
      assert.equal(unixPermissions(goModeFromUnix(kind | permissions)), permissions)
    }
    assert.notEqual(nodeTypeFromUnix(kind), 'irregular')
  }
  assert.equal(goModeFromUnix(0o040755), 2 ** 31 + 0o755)
  assert.equal(goModeFromUnix(0o020666), 2 ** 26 + 2 ** 21 + 0o666)
})

test('times have up to nine decimals and no trailing zeros', () => {
  assert.equal(parseGoTime('1969-12-31T23:59:59.9Z'), -100_000_000n)
  assert.equal(parseGoTime('2024-03-01T12:00:00.000000001+02:00'), 1_709_287_200_000_000_001n)
  const none = [
    'yesterday',
    '2024-03-01',
    '2024-03-01T24:00:00Z',
    '2024-03-01T12:00:60Z',
    '2024-03-01T12:00:00+24:00',
  ]
  for (const text of none) assert.throws(() => parseGoTime(text), SyntaxError, text)
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (nanoseconds) => {
      const formatted = formatGoTime(nanoseconds)
      assert.equal(parseGoTime(formatted), nanoseconds)
      assert.doesNotMatch(formatted, /\.\d*0(Z|[+-])/)
    }),
  )
})

test('a time of a year that JSON has no words for is one that it has, as with restic', () => {
  const second = 1_000_000_000n
  // What file systems hold: those of a broken clock among them.
  for (const seconds of [253_402_400_000n, 6_249_200_000_000n, 2n ** 62n, -62_167_300_000n, -(2n ** 62n)]) {
    const nanoseconds = seconds * second + 5n
    const text = timeText(nanoseconds / 1_000_000n, nanoseconds)
    assert.match(text, seconds < 0n ? /^0000-/ : /^9999-/)
    assert.doesNotThrow(() => parseGoTime(text), text)
    assert.equal(formatGoTime(nanoseconds), text)
  }
  // The day of the year stays.
  const midsummer = parseGoTime('9999-06-24T12:00:00.000000005Z')
  assert.equal(parseGoTime(formatGoTime(midsummer + 366n * 86_400n * second)), midsummer)
})
