import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fields } from '@granary/contract'
import { numberedUrlKey, urlKeyFrom } from './url-key.ts'

test('names become URL keys that people recognise', () => {
  const expected = {
    'Bäckerei Müller & Söhne': 'backerei-muller-and-sohne',
    'Straße 7': 'strasse-7',
    'Łódź Ærø Œuvre': 'lodz-aero-oeuvre',
    'Πέτρος ΑΕ': 'petros-ae',
    'Щука Юг': 'shchuka-yug',
    "O’Brien's": 'obriens',
    北京: 'customer',
    '---': 'customer',
  }
  for (const [name, key] of Object.entries(expected)) assert.equal(urlKeyFrom(name), key)
})

test('whatever the name, the key is one the contract takes, numbered or not', () => {
  for (const name of ['x'.repeat(300), `${'ab-'.repeat(20)}!`, `${'a'.repeat(39)} b`, '-a-', 'ﬃ', '𝒜cme']) {
    for (const number of [1, 2, 10, 12_345]) {
      const key = numberedUrlKey(urlKeyFrom(name), number)
      assert.ok(fields.urlKey.safeParse(key).success, `${name} → ${key}`)
    }
  }
})
