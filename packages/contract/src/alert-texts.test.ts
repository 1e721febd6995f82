import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AlertMessage } from './alert-messages.ts'
import { type MessageFormats, sayAlert } from './alert-texts.ts'
import { type Language, languages } from './languages.ts'
import { warningSigns } from './warning-signs.ts'

const formats: MessageFormats = {
  bytes: (bytes) => `<${bytes} bytes>`,
  count: (amount) => `<${amount}>`,
  time: (at) => `<at ${at}>`,
}
const client = { clientId: 'till-1', customer: '$& of (.*)' }

const messages: AlertMessage[] = [
  { code: 'space-low', name: '$&', usedBytes: 19, allottedBytes: 20 },
  { code: 'mcals-short', name: '$&', left: 1, needed: 2, missing: 3 },
  { code: 'trial-ending', ...client, endsAt: 7 },
  { code: 'backup-overdue', ...client, lastBackupAt: 7 },
  { code: 'disk-low', freeBytes: 1, totalBytes: 9 },
  { code: 'location-low', location: 'archive', freeBytes: 1, totalBytes: 9 },
  { code: 'disk-files-low', freeFiles: 1, totalFiles: 9 },
  { code: 'location-files-low', location: 'archive', freeFiles: 1, totalFiles: 9 },
  { code: 'location-gone', location: 'archive' },
  { code: 'certificate-ending', endsAt: 7 },
  { code: 'certificate-ended', endedAt: 7 },
  { code: 'certificate-mismatched' },
  { code: 'certificate-unreadable', reason: 'ENOENT' },
  { code: 'damage-found', ...client, objects: 4 },
  { code: 'damage-without-copies', ...client, objects: 4 },
  { code: 'server-backup-failed', reason: 'ENOSPC' },
  ...warningSigns.map((sign): AlertMessage => {
    const figures = { observed: 1e8, usual: 2, held: 3, since: 7 }
    return { code: 'warning-signs', ...client, signs: [{ sign, ...figures }] }
  }),
]

test('an alert says all that it knows in each language, as its reader writes it', () => {
  for (const message of messages) {
    const said = (Object.keys(languages) as Language[]).map((each) => sayAlert(each, message, formats))
    assert.equal(new Set(said).size, said.length, `${message.code} is said alike in two languages`)
    const { code, signs, ...figures } = { signs: undefined, ...message }
    for (const sentence of said) {
      for (const [name, value] of Object.entries(figures))
        assert.ok(sentence.includes(String(value)), `${code} says nothing of ${name}: ${sentence}`)
      const [sign] = signs ?? []
      if (sign && sign.sign !== 'clock-skew') assert.match(sentence, /<at 7>/, sign.sign)
      if (sign?.sign === 'clock-skew') assert.match(sentence, /\b28 h\b/)
    }
  }
})
