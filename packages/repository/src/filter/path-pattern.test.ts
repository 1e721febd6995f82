import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { runRestic } from '@granary/testing'
import { RepositoryProblem } from '../repository-problem.ts'
import { engineWorld } from '../test-world/engine-world.ts'
import { matchesPatterns, mayMatchBelow, parsePattern } from './path-pattern.ts'

const files = [
  ...['a/b/c.txt', 'a/b/d.TXT', 'a/x.go', 'node_modules/m/index.js', 'home/ann/cache/1', 'home/bob/cache/2'],
  ...[
    'home/bob/keep/cache',
    'deep/1/2/3/4/end',
    'odd/[x]',
    'odd/a*b',
    'odd/sp ace',
    'odd/back\\slash',
    'c.txt',
  ],
]
// What each set shows the others do not; every one takes a run of restic.
const patternSets = [
  ...[
    ['*.txt', '!c.txt'],
    ['b/c.txt', 'home/*/cache'],
    ['deep/**/4'],
    ['deep/*/end', '?.go'],
    ['**/m/**/index.js'],
  ],
  ...[
    ['[^a-b].txt', '\\[x\\]', 'a\\*b'],
    ['home', '!bob', 'a/'],
    ['./a', 'back\\\\slash', 'sp ace', 'odd/[\\[\\]]x*'],
  ],
]

test('patterns exclude exactly what they exclude in restic', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  for (const file of files) {
    await mkdir(path.dirname(`${source}/${file}`), { recursive: true })
    await writeFile(`${source}/${file}`, file)
  }
  // Made by us: a password that restic makes dear would be most of the time.
  await world.init()
  for (const patterns of patternSets) {
    const excludes = patterns.flatMap((pattern) => ['--exclude', pattern])
    const { stdout } = await runRestic(world.place, [
      'backup',
      '--dry-run',
      '-vv',
      '--json',
      ...excludes,
      source,
    ])
    const theirs = stdout
      .split('\n')
      .filter((line) => line.includes('"verbose_status"'))
      .map((line) => JSON.parse(line).item as string)
      .filter((item) => files.some((file) => `${source}/${file}` === item))
    const parsed = patterns.map((pattern) => parsePattern(pattern))
    const isExcluded = (file: string): boolean => {
      const parts = file.split('/')
      return parts.some((_, i) => matchesPatterns(parsed, `${source}/${parts.slice(0, i + 1).join('/')}`))
    }
    const ours = files.filter((file) => !isExcluded(file)).map((file) => `${source}/${file}`)
    assert.deepEqual(ours.toSorted(), theirs.toSorted(), `excluding ${patterns.join(' ')}`)
  }
})

test('a rooted pattern matches from the root only, and a restore looks below where it may match', () => {
  const rooted = [parsePattern('/home/*/cache')]
  assert.ok(matchesPatterns(rooted, '/home/ann/cache/1'))
  assert.ok(!matchesPatterns(rooted, '/srv/home/ann/cache'))
  assert.ok(mayMatchBelow(rooted, '/home'))
  assert.ok(mayMatchBelow(rooted, '/home/ann'))
  assert.ok(!mayMatchBelow(rooted, '/srv'))
  assert.ok(mayMatchBelow([parsePattern('cache')], '/anywhere'))
  assert.ok(mayMatchBelow([parsePattern('/home/**/x')], '/home/a/b/c'))
})

test('case can be ignored', () => {
  const pattern = [parsePattern('*.TXT', { ignoreCase: true })]
  assert.ok(matchesPatterns(pattern, '/a/b.txt'))
  assert.ok(!matchesPatterns([parsePattern('*.TXT')], '/a/b.txt'))
})

test('a rooted pattern whose case is ignored matches from the root, and there only', () => {
  const pattern = [parsePattern('/Home/*/cache', { ignoreCase: true })]
  assert.ok(matchesPatterns(pattern, '/home/ann/Cache/1'))
  assert.ok(!matchesPatterns(pattern, '/srv/home/ann/cache'))
  assert.ok(mayMatchBelow(pattern, '/home'))
  assert.ok(!mayMatchBelow(pattern, '/srv'))
})

test('a pattern of which nothing is left matches nothing, as with restic', () => {
  for (const empty of ['', '!', '.', './', 'a/..'])
    assert.ok(!matchesPatterns([parsePattern(empty)], '/a/b'), empty)
})

test('malformed patterns are refused', () => {
  for (const bad of ['[', '[a', '[a-]', 'x\\']) assert.throws(() => parsePattern(bad), RepositoryProblem, bad)
})
