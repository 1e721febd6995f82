import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { RepositoryCipher, UnauthenticError } from './repository-cipher.ts'

const hex = (text: string) => Uint8Array.fromHex(text)

const resticVectorKey = {
  encrypt: hex('303e8687b1d7db18421bdc6bb8588ccadac4d59ee87b8ff70c44e635790cafef'),
  macK: hex('ef4d8824cb80b2bcc5fbff8a9b12a42c'),
  macR: hex('cc8d4b948ee0ebfe1d415de921d10353'),
}
const resticVectorUnit = hex(
  '69fb41c62d12def4593bd71757138606338f621aeaeb39da0fe4f99233f8037a54ea63338a813bcf3f75d8c3cc75dddf8750',
)

test("a unit that restic's own test sealed opens to its text", () => {
  const cipher = new RepositoryCipher(nodePrimitives, resticVectorKey)
  assert.equal(new TextDecoder().decode(cipher.open(resticVectorUnit)), 'Dies ist ein Test!')
})

test('what is sealed opens again, whatever it is', () => {
  const cipher = new RepositoryCipher(nodePrimitives, resticVectorKey)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (plaintext) => {
      const unit = cipher.seal(plaintext)
      assert.equal(unit.length, plaintext.length + 32)
      assert.deepEqual(new Uint8Array(cipher.open(unit)), plaintext)
    }),
  )
})

test('a unit with any bit flipped, or cut short, is refused', () => {
  const cipher = new RepositoryCipher(nodePrimitives, resticVectorKey)
  for (let bit = 0; bit < resticVectorUnit.length * 8; bit++) {
    const damaged = resticVectorUnit.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.throws(() => cipher.open(damaged), UnauthenticError)
  }
  for (let length = 0; length < resticVectorUnit.length; length++) {
    assert.throws(() => cipher.open(resticVectorUnit.subarray(0, length)), UnauthenticError)
  }
})
