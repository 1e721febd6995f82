import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourcesForSuite } from './debian-sources.ts'

const stanzas = `# made by the installer
Types: deb
# a remark in between
URIs: http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: http://archive.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
Enabled: no
URIs: http://switched-off.example/debian
Suites: bookworm
Components: main
`

test('another suite is read from the same mirror with the same key, and nothing but the main archive', () => {
  assert.equal(
    sourcesForSuite([{ name: 'debian.sources', text: stanzas }], 'bookworm', 'forky'),
    [
      'Types: deb',
      'URIs: http://archive.example/debian',
      'Suites: forky',
      'Components: main contrib',
      'Signed-By: /usr/share/keyrings/debian.gpg',
      '',
    ].join('\n'),
  )
})

test('the one-line format is understood with its options', () => {
  const text = [
    '# deb http://commented-out.example/debian bookworm main',
    'deb-src http://archive.example/debian bookworm main',
    'deb [arch=amd64 signed-by=/keys/a.gpg] http://archive.example/debian bookworm main contrib # ours',
    'deb http://archive.example/debian bookworm-backports main',
    'deb http://vendor.example/apt bookworm tools',
  ].join('\n')
  assert.equal(
    sourcesForSuite([{ name: 'sources.list', text }], 'bookworm', 'forky'),
    [
      'Types: deb',
      'URIs: http://archive.example/debian',
      'Suites: forky',
      'Components: main contrib',
      'Architectures: amd64',
      'Signed-By: /keys/a.gpg',
      '',
    ].join('\n'),
  )
})

test('a machine that knows no Debian archive yields no source', () => {
  const text = 'deb http://vendor.example/apt nodistro main'
  assert.equal(sourcesForSuite([{ name: 'vendor.list', text }], 'bookworm', 'forky'), '')
})
