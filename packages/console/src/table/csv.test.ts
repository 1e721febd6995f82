import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvField, csvFile } from './csv.ts'

test('a name that a spreadsheet would run as a formula is exported as text', () => {
  for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =cmd()', '\r=1', '＝1']) {
    assert.match(csvField(name), /^"?'/, JSON.stringify(name))
  }
})

test('numbers stay numbers, negative ones too, and nothing stays empty', () => {
  assert.equal(csvField(-5), '-5')
  assert.equal(csvField(1_600_000_000_000), '1600000000000')
  assert.equal(csvField(null), '')
})

test('commas, quotes and line ends do not break a row', () => {
  assert.equal(csvFile([['Müller, "Bäcker"', 'two\nlines', 3]]), '"Müller, ""Bäcker""","two\nlines",3\r\n')
})
