import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { sentences } from './de-sentences.ts'
import { translated } from './sentences.ts'

const packages = path.resolve(import.meta.dirname, '../../..')

/** Sentences that stand in quotes somewhere in the sources; what differs from case to case is `…`. */
function sentencesIn(folder: string, isMeant: (file: string) => boolean): string[] {
  const files = readdirSync(path.join(packages, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && isMeant(file))
    .flatMap((file) => {
      const source = readFileSync(path.join(packages, folder, file), 'utf8')
      const code = source.replace(/\.describe\(\s*(['"`]).*?\1,?\s*\)/gs, '')
      return [...code.matchAll(/(['"`])((?:[A-Z]|\$\{)[^'"`\n]*(?:"[^'`\n]*)*\.)\1/g)].map(
        ([, , text = '']) => text.replace(/\$\{[^}]*\}/g, '…'),
      )
    })
}

test('every reason of the contract’s rules is said in German', () => {
  const found = sentencesIn('contract/src', (file) => /^(states|waiting-room)/.test(file))
  assert.ok(found.length > 3, `${found.length} found`)
  const untold = found.filter((sentence) => translated(sentence, sentences) === sentence)
  assert.deepEqual(untold, [])
})

test('so is what refusals and the audit log say', () => {
  const folders = /^(deletions.(undelete|refuse|deletion-store)|audit.verify)/
  const found = sentencesIn('server/src', (file) => folders.test(file))
  assert.ok(found.length > 12, `${found.length} found`)
  const untold = found.filter((sentence) => translated(sentence, sentences) === sentence)
  assert.deepEqual(untold, [])
})

test('what differs from case to case stands in the German sentence, whatever it looks like', () => {
  const say = (sentence: string) => translated(sentence, sentences)
  assert.equal(say('$& of (.*) is deleted as well.'), '$& of (.*) ist ebenfalls gelöscht.')
  assert.equal(say('550 mailbox unavailable'), '550 mailbox unavailable')
})
