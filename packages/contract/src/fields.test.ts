import assert from 'node:assert/strict'
import { test } from 'node:test'
import { name } from './fields.ts'

test('no name looks like another by what nobody sees, nor is there one of which nothing is seen', () => {
  const unseen: string[] = [
    ...['\u00ad', '\u034f', '\u061c', '\u115f', '\u180e', '\u200b', '\u202e', '\u2060', '\u2063', '\u206a'],
    ...['\u2800', '\u3164', '\uffa0', '\ufffa', '\u{e0041}'],
  ]
  for (const letter of unseen) {
    const code = (letter.codePointAt(0) ?? 0).toString(16)
    assert.equal(name.safeParse(`Ba${letter}kery`).success, false, code)
  }
  for (const blank of ['', ' ', '\u200d', '\u200c\ufe0f', ' \u200d ']) {
    const { error } = name.safeParse(blank)
    assert.equal(error?.issues.length, 1, JSON.stringify(blank))
    assert.match(error?.issues[0]?.message ?? '', /name/i)
  }
})

test('joiners of scripts and pictures are part of names', () => {
  for (const text of ['می‌خواهم', 'ශ්‍රී ලංකා', '👩‍🍳 Bakery', '❤️', '葛󠄀飾', 'ᠮᠠ᠋']) {
    assert.equal(name.parse(text), text.normalize('NFC'))
  }
  assert.equal(name.parse('  Bakery \u00a0 &\u2028Sons '), 'Bakery & Sons')
})
