import assert from 'node:assert/strict'
import { test } from 'node:test'
import { de } from './de.ts'
import { en } from './en.ts'
import { overEnglish } from './translation.ts'

type Given = (number | string)[]
type Say = (...given: Given) => string
type Texts = { readonly [key: string]: unknown }

/** Every text that was translated, with the English one, by its path. */
function* pairs(english: Texts, translated: Texts, path = ''): Generator<[string, unknown, unknown]> {
  for (const [key, text] of Object.entries(translated)) {
    const at = `${path}${key}`
    const before = english[key]
    const goesDeeper = typeof text === 'object' && text !== null && !Array.isArray(text)
    if (goesDeeper) yield* pairs(before as Texts, text as Texts, `${at}.`)
    else yield [at, before, text]
  }
}

test('every German text stands for an English one of the same kind, and names what that names', () => {
  let tried = 0
  for (const [path, english, german] of pairs(en, de as unknown as Texts)) {
    assert.equal(typeof german, typeof english, path)
    if (typeof english !== 'function' || typeof german !== 'function') continue
    const [inEnglish, inGerman] = [english as Say, german as Say]
    for (const number of [1, 7]) {
      // Texts that count take numbers, the others words; each says what it was given.
      const numbers: Given = Array(inEnglish.length).fill(number)
      const words: Given = Array.from({ length: inEnglish.length }, (_, n) => `⟨${n}⟩`)
      for (const given of [numbers, words]) {
        const [expected, said] = [inEnglish(...given), inGerman(...given)]
        for (const value of given) {
          const isSaid = said.includes(String(value)) || !expected.includes(String(value))
          assert.ok(isSaid, `${path}: “${said}” does not say ${value}`)
        }
        tried += 1
      }
    }
  }
  assert.ok(tried > 200, `${tried} tried`)
})

test('what has no German text yet shows in English', () => {
  const texts = overEnglish(en, { common: { save: 'Speichern' } })
  assert.equal(texts.common.save, 'Speichern')
  assert.equal(texts.common.cancel, en.common.cancel)
  assert.equal(texts.clients.kinds.server, en.clients.kinds.server)
})
