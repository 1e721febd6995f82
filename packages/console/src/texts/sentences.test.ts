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

test('every sentence of the contract’s fields and rules is said in German', () => {
  const found = sentencesIn('contract/src', (file) => !/^(problems|alert-texts|routes)/.test(file))
  assert.ok(found.length > 40, `${found.length} found`)
  const untold = found.filter((sentence) => translated(sentence, sentences) === sentence)
  assert.deepEqual(untold, [])
})

test('so is what refusals and the audit log say', () => {
  const folders =
    /^(branding.logo|deletions.(undelete|refuse|deletion-store)|audit.verify|access.(users.change|create))/
  const found = sentencesIn('server/src', (file) => folders.test(file))
  assert.ok(found.length > 12, `${found.length} found`)
  const untold = found.filter((sentence) => translated(sentence, sentences) === sentence)
  assert.deepEqual(untold, [])
})

test('what differs from case to case stands in the German sentence, whatever it looks like', () => {
  const say = (sentence: string) => translated(sentence, sentences)
  assert.equal(say('At most 3650 days.'), 'Höchstens 3650 Tage.')
  assert.equal(say('$& of (.*) is deleted as well.'), '$& of (.*) ist ebenfalls gelöscht.')
  assert.equal(say('550 mailbox unavailable'), '550 mailbox unavailable')
})
