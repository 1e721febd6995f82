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

/** What is called the same in German: words of the product, names, and abbreviations. */
const sameWords = new Set(
  `Granary Server Client Clients Name MCALs Reseller Version Link Code Passkey Passkeys Mail Normal Vaults Webhooks URL Port Test Logo
  Linux,\u00a0macOS Windows Host\u00a0(SMTP) Default\u00a0Reseller`
    .split(/[ \n]+/)
    .map((word) => word.replaceAll('\u00a0', ' ')),
)

test('German is complete, and nothing in it was left in English', () => {
  const isGroup = (text: unknown) => typeof text === 'object' && text !== null && !Array.isArray(text)
  const left: string[] = []
  const walk = (english: Texts, german: Texts, path: string) => {
    for (const [key, text] of Object.entries(english)) {
      const [at, own] = [`${path}${key}`, german[key]]
      if (isGroup(text)) walk(text as Texts, (own ?? {}) as Texts, `${at}.`)
      else if (own === undefined) left.push(`${at} is missing`)
      else if (typeof text === 'string' && own === text && !sameWords.has(text)) left.push(`${at}: “${text}”`)
      else if (typeof text === 'function') {
        const words = Array.from({ length: text.length }, (_, n) => `⟨${n}⟩`)
        const [inEnglish, inGerman] = [(text as Say)(...words), (own as Say)(...words)]
        if (inEnglish === inGerman && /[a-z]{3}/.test(inEnglish)) left.push(`${at}: “${inEnglish}”`)
      }
    }
  }
  walk(en, de as unknown as Texts, '')
  assert.deepEqual(left, [])
})
