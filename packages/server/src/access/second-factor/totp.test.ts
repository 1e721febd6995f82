import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeAt, matchingStep, newTotpSecret, totpUri } from './totp.ts'

/** RFC 6238, appendix B, for SHA-1: the last six of its eight digits. "12345678901234567890" in base 32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const vectors = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
] as const

test('codes are those of RFC 6238', () => {
  for (const [seconds, code] of vectors) assert.equal(codeAt(secret, seconds * 1000), code)
})

test('a code is good for its half minute and the one on each side, however it is typed', () => {
  const at = 1_234_567_890_000
  const step = Math.floor(at / 30_000)
  assert.equal(matchingStep(secret, ' 005 924 ', at), step)
  assert.equal(matchingStep(secret, '005924', at + 30_000), step)
  assert.equal(matchingStep(secret, '005924', at - 30_000), step)
  for (const late of [-60_000, 60_000]) assert.equal(matchingStep(secret, '005924', at + late), undefined)
  for (const wrong of ['', '00592', '0059244', '００５９２４', 'abcdef', '-05924']) {
    assert.equal(matchingStep(secret, wrong, at), undefined)
  }
})

test('secrets are 160 bits, never the same, and travel in an otpauth: address', () => {
  const secrets = new Set(Array.from({ length: 50 }, newTotpSecret))
  assert.equal(secrets.size, 50)
  for (const each of secrets) assert.match(each, /^[A-Z2-7]{32}$/)
  const uri = totpUri(secret, { issuer: 'Granary & Co', account: 'ada@x.example' })
  assert.equal(
    uri,
    `otpauth://totp/Granary%20%26%20Co:ada%40x.example?secret=${secret}&issuer=Granary+%26+Co`,
  )
})
