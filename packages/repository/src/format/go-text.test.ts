import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareNames, nameFromBytes, nameToBytes } from './file-name.ts'
import { goJsonString, quoteName, unquoteName } from './go-text.ts'

const bytes = (...values: (string | number)[]) =>
  nameFromBytes(Buffer.concat(values.map((v) => (typeof v === 'string' ? Buffer.from(v) : Buffer.from([v])))))

// Printed by Go 1.24: strconv.Quote(name)[1 : len-1].
const quotedByGo: [name: string, quoted: string][] = [
  ['plain name.txt', 'plain name.txt'],
  ['a"b\\c', 'a\\"b\\\\c'],
  ['\x07\b\f\n\r\t\v', '\\a\\b\\f\\n\\r\\t\\v'],
  ['\x01\x1f\x7f', '\\x01\\x1f\\x7f'],
  [bytes('a', 0xff, 'b', 0xc3), 'a\\xffb\\xc3'],
  [bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
  ['\u00a0\u00ad\u2028\u200b', '\\u00a0\\u00ad\\u2028\\u200b'],
  ['é日\u{1f600}', 'é日\u{1f600}'],
  ['\u{e0001}', '\\U000e0001'],
  ['\ufffd', '\ufffd'],
]

test('names are quoted as Go quotes them, and read back', () => {
  for (const [name, quoted] of quotedByGo) {
    assert.equal(quoteName(name), quoted)
    assert.equal(unquoteName(quoted), name)
  }
})

test('escapes that Go reads but does not write are read', () => {
  assert.equal(unquoteName('\\101\\x41\\u0041\\U00000041'), 'AAAA')
  assert.equal(unquoteName("\\'"), "'")
  assert.equal(unquoteName('\\xe2\\x82\\xac'), '€')
})

test('malformed escapes are refused', () => {
  for (const bad of ['\\', '\\q', '\\x4', '\\u12', '\\ud800', '\\U00110000', 'a\\']) {
    assert.throws(() => unquoteName(bad), SyntaxError, bad)
  }
})

test('any bytes survive as a name, quoted or not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (raw) => {
      const name = nameFromBytes(raw)
      assert.deepEqual(nameToBytes(name), raw)
      assert.equal(unquoteName(quoteName(name)), name)
      assert.match(quoteName(name), /^[^\p{C}]*$/u)
    }),
  )
})

test('names sort by their bytes', () => {
  const name = fc.oneof(
    fc.uint8Array({ maxLength: 6 }).map(nameFromBytes),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  fc.assert(
    fc.property(name, name, (a, b) => {
      assert.equal(Math.sign(compareNames(a, b)), Buffer.compare(nameToBytes(a), nameToBytes(b)))
    }),
  )
})

test('strings in JSON are escaped as Go escapes them', () => {
  assert.equal(goJsonString('<a & b>\u2028"\\\n\x01'), '"\\u003ca \\u0026 b\\u003e\\u2028\\"\\\\\\n\\u0001"')
  assert.equal(goJsonString(bytes('x', 0xff, 'y')), '"x\\ufffdy"')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(JSON.parse(goJsonString(text)), text)),
  )
})
