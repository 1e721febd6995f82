import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { promisify } from 'node:util'
import {
  fillSampleTree,
  noise,
  ProgramFailedError,
  repositoryPassword,
  runProgram,
  runRestic,
} from '@granary/testing'
import { lockRepository } from '../locks/repository-lock.ts'
import { engineWorld } from '../test-world/engine-world.ts'
import { runCli } from '../test-world/run-cli.ts'

/** A repository of two snapshots of a folder that has changed in between. */
async function backedUpWorld() {
  const world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(source)
  await world.init()
  await fillSampleTree(source, 'first')
  const first = await runCli(world.place, ['backup', '--json', '--tag', 'x,y', source])
  await rm(`${source}/script.sh`)
  await writeFile(`${source}/empty`, 'no more')
  const second = await runCli(world.place, ['backup', '--json', '--host', 'other', source])
  const ids = [first, second].map((run) => run.json<{ snapshot_id: string }>().at(-1)?.snapshot_id ?? '')
  return { ...world, source, ids }
}

test('what we print in JSON is what restic prints', async () => {
  await using world = await backedUpWorld()
  const [a = '', b = ''] = world.ids
  const commands = [
    ['snapshots'],
    ['snapshots', '--tag', 'x,y', '--host', 'other'],
    ['snapshots', '--group-by', 'host', '--tag', 'x'],
    ['ls', a],
    ['ls', `${b}:${world.source}`, '/many'],
    ['ls', '--sort', 'size', a],
    ['ls', '--sort', 'extension', '--reverse', b],
    ['find', 'note 1*.txt'],
    ['find', '--ignore-case', 'EMPTY', '--newest', '2099-01-01 00:00:00'],
    ['stats'],
    ['stats', '--mode', 'raw-data'],
    ['stats', '--mode', 'files-by-contents', a],
    ['stats', '--mode', 'blobs-per-file'],
    ['diff', a, b],
    ['diff', '--metadata', a, b],
    ['key', 'list'],
    ['check'],
    ['forget', '--keep-last', '1', '--group-by', 'paths', '--dry-run'],
  ]
  for (const command of commands) {
    const ours = await runCli(world.place, ['--json', ...command])
    assert.equal(ours.exitCode, 0, ours.stderr)
    const theirs = await runRestic(world.place, ['--json', '--no-lock', ...command])
    const expected = theirs.stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    assert.equal(canonical(ours.json()), canonical(expected), command.join(' '))
  }
})

/** Lines in an order of their own: that of some lists is restic's whim. */
function canonical(lines: unknown[]): string {
  return JSON.stringify(sorted(lines), undefined, 1)
}

/** The order of some lists is restic's whim. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]) => [key, sorted(part)])
      .sort(),
  )
}

test('lists for people look as those of restic, and say which version this is', async () => {
  await using world = await backedUpWorld()
  const args = ['ls', '--long', '--human-readable', '--sort', 'size', '--reverse', world.ids[0] ?? '']
  const ours = await runCli(world.place, ['--quiet', ...args])
  const theirs = await runRestic(world.place, ['--quiet', '--no-lock', ...args])
  assert.equal(ours.stdout, theirs.stdout)
  const { version } = JSON.parse(
    await readFile(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'),
  )
  assert.match(
    (await runCli(world.place, ['version'])).stdout,
    new RegExp(`^granary-repo ${version} on Node v`),
  )
})

test('tags, keys and locks change as they do with restic', async () => {
  await using world = await backedUpWorld()
  const [a = ''] = world.ids
  assert.equal(
    (await runCli(world.place, ['tag', '--add', 'z', '--remove', 'x', a])).stdout,
    'modified 1 snapshots\n',
  )
  const { stdout } = await runRestic(world.place, ['snapshots', '--json', '--tag', 'y,z'])
  assert.deepEqual(JSON.parse(stdout)[0].original, a)

  await writeFile(`${world.folder}/new`, 'another one\n')
  const password = { RESTIC_REPOSITORY: world.place, RESTIC_PASSWORD_COMMAND: "printf 'another %s' one" }
  assert.equal(
    (await runCli(world.place, ['key', 'add', '--new-password-file', `${world.folder}/new`])).exitCode,
    0,
  )
  const listed = await runCli(world.place, ['key', 'list', '--json'], { environment: password })
  const keys = listed.json<{ current: boolean; id: string }[]>()[0] ?? []
  assert.equal(keys.length, 2)
  const current = keys.find((key) => key.current)?.id ?? ''
  assert.equal((await runCli(world.place, ['key', 'remove', current], { environment: password })).exitCode, 1)
  assert.equal((await runCli(world.place, ['key', 'remove', current])).exitCode, 0)
  assert.equal((await runCli(world.place, ['snapshots'], { environment: password })).exitCode, 12)
})

test('the exit code says what went wrong, and JSON too', async () => {
  await using world = await engineWorld()
  const codeOf = async (args: string[], environment?: Record<string, string>) => {
    const run = await runCli(world.place, args, environment ? { environment } : {})
    if (run.exitCode === 0) return 0
    const { message_type, code } = JSON.parse(run.stderr)
    assert.equal(message_type, 'exit_error')
    assert.equal(code, run.exitCode)
    return code
  }
  assert.equal(await codeOf(['snapshots', '--json']), 10)
  const repository = await world.init()
  assert.equal(await codeOf(['snapshots', '--json']), 0)
  assert.equal(await codeOf(['init', '--json']), 1)
  const wrong = { RESTIC_REPOSITORY: world.place, RESTIC_PASSWORD: 'wrong' }
  assert.equal(await codeOf(['snapshots', '--json'], wrong), 12)
  assert.equal(await codeOf(['ls', '--json', 'nosuch']), 1)
  assert.equal(await codeOf(['snapshots', '--json'], { RESTIC_PASSWORD: 'x' }), 1)
  await using _lock = await lockRepository(repository, { exclusive: true })
  assert.equal(await codeOf(['snapshots', '--json']), 11)
  assert.equal(await codeOf(['snapshots', '--json', '--no-lock']), 0)
  const missing = await runCli(world.place, ['--no-lock', 'unlock', '--remove-all'])
  assert.match(missing.stdout, /removed 1 locks/)
  const gone = `${world.folder}/gone`
  const unread = await runCli(world.place, ['backup', '--json', gone, world.place])
  assert.equal(unread.exitCode, 3)
  const [error, ending] = unread.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    { ...error, error: 0 },
    { message_type: 'error', error: 0, during: 'archival', item: gone },
  )
  assert.deepEqual([ending.message_type, ending.code], ['exit_error', 3])
})

test('what could not be restored, and what was there already, is told in JSON as restic tells it', async () => {
  await using world = await backedUpWorld()
  const target = `${world.folder}/out`
  const args = ['restore', `latest:${world.source}`, '--target', target, '--json']
  const reports = async (run: Promise<{ stdout: string; stderr: string }>) => {
    const { stdout, stderr } = await run.catch((error: unknown) => {
      if (error instanceof ProgramFailedError) return error.result
      throw error
    })
    const lines = (text: string) => text.trim().split('\n').filter(Boolean)
    const summary = JSON.parse(lines(stdout).at(-1) ?? '')
    return { summary, errors: lines(stderr).map((line) => JSON.parse(line)) }
  }
  await mkdir(`${target}/empty/in the way`, { recursive: true })
  const ours = await reports(runCli(world.place, args))
  const theirs = await reports(runRestic(world.place, [...args, '--no-lock']))
  for (const { errors } of [ours, theirs]) {
    assert.equal(typeof errors[0].error.message, 'string')
    errors[0].error.message = 'not empty'
  }
  assert.deepEqual(ours.errors, theirs.errors)
  await rm(`${target}/empty`, { recursive: true })
  await reports(runCli(world.place, args))
  await writeFile(`${target}/empty`, 'changed')
  const again = await reports(runRestic(world.place, [...args, '--no-lock']))
  await writeFile(`${target}/empty`, 'changed')
  const { summary } = await reports(runCli(world.place, args))
  const inWords = await runCli(world.place, args.slice(0, -1))
  assert.match(inWords.stdout, new RegExp(`skipped ${summary.files_skipped + 1} files/dirs`))
  // restic's total is without what it skips.
  assert.equal(summary.total_files, summary.files_restored + summary.files_skipped)
  const comparable = (counts: object) => ({ ...counts, total_files: 0, seconds_elapsed: 0 })
  assert.deepEqual(comparable(summary), comparable(again.summary))
})

test('a forget that would keep nothing is refused unless it says of what, as with restic', async () => {
  await using world = await backedUpWorld()
  for (const [args, exitCode, left] of [
    [[], 1, 2],
    [['--keep-last', '0'], 1, 2],
    [['--unsafe-allow-remove-all'], 1, 2],
    [['--unsafe-allow-remove-all', '--host', ''], 1, 2],
    [['--unsafe-allow-remove-all', '--host', 'other'], 0, 1],
  ] as [string[], number, number][]) {
    const ours = await runCli(world.place, ['forget', ...args])
    assert.equal(ours.exitCode, exitCode, args.join(' '))
    const listed = await runCli(world.place, ['snapshots', '--json'])
    assert.equal(listed.json<unknown[]>()[0]?.length, left, args.join(' '))
    if (exitCode === 1) await assert.rejects(runRestic(world.place, ['forget', ...args]))
  }
})

test('a damaged snapshot hides no other, keeps no backup from running, and can be removed', async () => {
  await using world = await backedUpWorld()
  const [a = '', b = ''] = world.ids
  const file = `${world.place}/snapshots/${a}`
  await chmod(file, 0o600)
  const content = await readFile(file)
  await writeFile(file, content.with(40, (content[40] ?? 0) ^ 1))
  const listed = await runCli(world.place, ['snapshots', '--json'])
  assert.equal(listed.exitCode, 0, listed.stderr)
  assert.deepEqual(
    listed.json<{ id: string }[]>()[0]?.map(({ id }) => id),
    [b],
  )
  assert.match(listed.stderr, new RegExp(`Ignoring.*${a}`))
  for (const command of [['backup', world.source], ['stats'], ['forget', '--keep-last', '1']]) {
    const run = await runCli(world.place, command)
    assert.equal(run.exitCode, 0, run.stderr)
    assert.match(run.stderr, new RegExp(a))
  }
  // What it needs is not known.
  assert.equal((await runCli(world.place, ['prune'])).exitCode, 1)
  assert.equal((await runCli(world.place, ['check'])).exitCode, 1)
  const removed = await runCli(world.place, ['forget', a.slice(0, 10)])
  assert.equal(removed.exitCode, 0, removed.stderr)
  for (const command of ['prune', 'check']) assert.equal((await runCli(world.place, [command])).exitCode, 0)
})

test('a repository and its password come from files as well', async () => {
  await using world = await engineWorld()
  await world.init()
  await writeFile(`${world.folder}/where`, `${world.place}\n`)
  await writeFile(`${world.folder}/password`, `${repositoryPassword}\n`)
  const environment = { RESTIC_REPOSITORY_FILE: 'where', RESTIC_PASSWORD_FILE: 'password' }
  const options = { environment, workingFolder: world.folder }
  assert.equal((await runCli('', ['list', 'locks'], options)).exitCode, 0)
  const typed = { environment: { RESTIC_REPOSITORY: world.place }, input: `${repositoryPassword}\n` }
  assert.equal((await runCli('', ['list', 'locks'], typed)).exitCode, 0)
})

test('a file is dumped as it was, and a folder as an archive that tar unpacks', async () => {
  await using world = await backedUpWorld()
  const [a = ''] = world.ids
  const target = `${world.folder}/dumped`
  await runCli(world.place, ['dump', '--target', target, a, `${world.source}/photo.raw`])
  assert.deepEqual(await readFile(target), await readFile(`${world.source}/photo.raw`))

  const archive = `${world.folder}/archive.tar`
  const result = await runCli(world.place, ['dump', '--target', archive, `latest:${world.source}`, '/'])
  assert.equal(result.exitCode, 0, result.stderr)
  const unpacked = `${world.folder}/unpacked`
  await mkdir(unpacked)
  await runProgram('tar', ['-xpf', archive, '-C', unpacked])
  await runProgram('diff', ['-r', '--no-dereference', unpacked, world.source])
})

test('a stream is backed up, and a command that fails leaves no snapshot', async () => {
  await using world = await engineWorld()
  await world.init()
  const piped = await runCli(world.place, ['backup', '--stdin', '--stdin-filename', 'dump.sql'], {
    input: 'rows',
  })
  assert.equal(piped.exitCode, 0, piped.stderr)
  assert.equal((await runCli(world.place, ['dump', 'latest', 'dump.sql'])).stdout, 'rows')
  const failed = await runCli(world.place, [
    'backup',
    '--stdin-from-command',
    '--',
    'sh',
    '-c',
    'echo rows; exit 3',
  ])
  assert.equal(failed.exitCode, 1)
  assert.equal((await runCli(world.place, ['snapshots', '--json'])).json<unknown[]>()[0]?.length, 1)
})

test('a stream that brings nothing is reported, and one without a name is refused, as with restic', async () => {
  await using world = await engineWorld()
  await world.init()
  const command = ['--stdin-from-command', '--', 'true']
  for (const args of [['--stdin', '--stdin-filename', 'in/dump.sql'], command]) {
    const ours = await runCli(world.place, ['backup', ...args])
    assert.equal(ours.exitCode, 3, args.join(' '))
    assert.match(ours.stderr, /nothing came in/)
    await assert.rejects(runRestic(world.place, ['backup', ...args]), /ended with 3/)
  }
  for (const name of ['', '/', '.']) {
    const args = ['backup', '--stdin', '--stdin-filename', name]
    assert.equal((await runCli(world.place, args, { input: 'rows' })).exitCode, 1, name)
  }
  assert.equal((await runCli(world.place, ['snapshots', '--json'])).json<unknown[]>()[0]?.length, 4)
  await runRestic(world.place, ['check'])
})

test('lists of files mean what they mean to restic', async () => {
  await using world = await engineWorld()
  await world.init()
  const source = `${world.folder}/source`
  for (const name of ['.hidden', 'plain', '{a,b}', '[x]', 'x', 'sub/.too', 'sub/y', 'back\\slash', 'sp ace '])
    await mkdir(path.dirname(`${source}/${name}`), { recursive: true }).then(() =>
      writeFile(`${source}/${name}`, name),
    )
  const raw = Buffer.concat([Buffer.from(`${source}/raw`), Buffer.from([0xff])])
  await writeFile(raw, 'raw')
  await symlink('sub', `${source}/link`)
  const list = `${world.folder}/list`
  const ends = (...names: string[]) => Buffer.concat(names.map((name) => Buffer.from(`${name}\0`)))
  const cases: [flag: string, content: string | Uint8Array][] = [
    ['--files-from', `# all\n${source}/*\r\n`],
    ['--files-from', `${source}/{a,b}\n  ${source}/.h* \n\n${source}/\\[x]`],
    ['--files-from', `${source}/*/.t?o\n${source}/back\\\\slash\n`],
    ['--files-from', Buffer.concat([raw, Buffer.from('\n')])],
    ['--files-from-verbatim', `${source}/x\r\n\n${source}/[x]\n${source}/sp ace `],
    ['--files-from-raw', Buffer.concat([ends(`${source}/x`), raw, new Uint8Array(1)])],
    ['--files-from-raw', ends(`${source}/x`).subarray(0, -1)],
    ['--files-from-raw', ends(`${source}/x`, '', `${source}/plain`)],
  ]
  const pathsOf = async () => {
    const { stdout } = await runRestic(world.place, ['ls', 'latest', '--no-lock'])
    return stdout.split('\n').slice(1)
  }
  for (const [flag, content] of cases) {
    await writeFile(list, content)
    const theirs = await runRestic(world.place, ['backup', '--force', flag, list]).then(
      pathsOf,
      () => undefined,
    )
    const ours = await runCli(world.place, ['backup', flag, list])
    const name = `${flag} ${Buffer.from(content)}`
    assert.equal(ours.exitCode, theirs ? 0 : 1, name + ours.stderr)
    if (theirs) assert.deepEqual(await pathsOf(), theirs, name)
    if (theirs && typeof content === 'string') {
      const piped = await runCli(world.place, ['backup', flag, '-'], { input: content })
      assert.equal(piped.exitCode, 0, piped.stderr)
      assert.deepEqual(await pathsOf(), theirs, name)
    }
  }
})

test('names that are no text are taken, and printed, as they are', async () => {
  await using world = await engineWorld()
  await world.init()
  const name = Buffer.concat([Buffer.from(`${world.folder}/raw `), Buffer.from([0xff, 0xfe])])
  await writeFile(name, 'raw')
  const program = path.resolve(import.meta.dirname, '../../bin/granary-repo.js')
  // A shell, as Node passes on text alone.
  const quoted = `'${world.folder}/raw '$(printf '\\377\\376')`
  const shell = (command: string) =>
    promisify(execFile)('sh', ['-c', command], {
      encoding: 'buffer',
      env: { ...process.env, RESTIC_REPOSITORY: world.place, RESTIC_PASSWORD: repositoryPassword },
    })
  const granary = `'${process.execPath}' '${program}'`
  await shell(`${granary} backup ${quoted}`)
  const listed = await shell(`${granary} ls latest`)
  assert.ok(listed.stdout.includes(name))
  const dumped = await shell(`${granary} dump latest ${quoted}`)
  assert.equal(dumped.stdout.toString(), 'raw')
})

test('small packs are put together once, and not again by every prune', async () => {
  await using world = await backedUpWorld()
  const repacked = async () => {
    const { stdout } = await runCli(world.place, ['prune', '--repack-smaller-than', '16M', '--json'])
    return JSON.parse(stdout).packs_repacked
  }
  assert.ok((await repacked()) > 2)
  assert.equal(await repacked(), 0)
})

test('a time is one that people write, and nothing else that could be read as one', async () => {
  await using world = await backedUpWorld()
  for (const time of ['01/02/2030', 'snapshot 5', '2020', 'now', '2020-01-01T00:00:00']) {
    const backup = await runCli(world.place, ['backup', '--dry-run', '--time', time, world.source])
    assert.equal(backup.exitCode, 1, time)
    assert.equal((await runCli(world.place, ['find', '--newest', time, 'empty'])).exitCode, 1, time)
  }
  for (const time of ['2030-01-02 03:04:05', '2030-01-02 03:04', '2030-01-02', '2030-01-02T03:04:05.6Z'])
    assert.equal((await runCli(world.place, ['find', '--newest', time, 'empty'])).exitCode, 0, time)
})

test('the parent may be the latest snapshot of the same host and paths', async () => {
  await using world = await backedUpWorld()
  const latest = ['backup', '--json', '--parent', 'latest']
  const saved = await runCli(world.place, [...latest, '--host', 'other', world.source])
  assert.equal(saved.exitCode, 0, saved.stderr)
  const stored = await runCli(world.place, ['snapshots', '--json', '--host', 'other', 'latest'])
  assert.equal(stored.json<{ parent: string }[]>()[0]?.[0]?.parent, world.ids[1])
  assert.equal((await runCli(world.place, [...latest, '--host', 'third', world.source])).exitCode, 1)
  const forced = await runCli(world.place, [...latest, '--host', 'third', '--force', world.source])
  assert.equal(forced.exitCode, 0, forced.stderr)
})

test('whoever stops reading, a full disk and Ctrl-C end a command, and leave no lock', async () => {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(source)
  for (let file = 0; file < 1500; file++) await writeFile(`${source}/${'long name '.repeat(9)}${file}`, '')
  await writeFile(`${source}/large`, noise(40_000_000, 'large'))
  await world.init()
  const saved = await runCli(world.place, ['backup', source])
  assert.equal(saved.exitCode, 0, saved.stderr)
  const program = path.resolve(import.meta.dirname, '../../bin/granary-repo.js')
  const env = {
    PATH: process.env.PATH,
    HOME: world.folder,
    RESTIC_REPOSITORY: world.place,
    RESTIC_PASSWORD: repositoryPassword,
  }
  const run = (args: readonly string[], output: 'pipe' | number) =>
    spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', output, 'pipe'] })
  const outcomeOf = async (child: ReturnType<typeof run>) => {
    const [said, [exitCode]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')])
    return { said, exitCode, locks: await readdir(`${world.place}/locks`) }
  }

  const listed = run(['ls', 'latest'], 'pipe')
  listed.stdout?.once('data', () => listed.stdout?.destroy())
  assert.deepEqual(await outcomeOf(listed), { said: '', exitCode: 141, locks: [] })

  for (const command of [['ls', 'latest'], ['dump', 'latest', `${source}/large`], ['snapshots']]) {
    await using full = await open('/dev/full', 'w')
    const { said, ...outcome } = await outcomeOf(run(command, full.fd))
    assert.deepEqual(outcome, { exitCode: 1, locks: [] }, command.join(' '))
    assert.match(said, /^Fatal: ENOSPC.*\n$/)
  }

  const dumped = run(['dump', 'latest', `${source}/large`], 'pipe')
  await once(dumped.stdout as Readable, 'readable')
  dumped.kill('SIGINT')
  dumped.stdout?.resume()
  const { exitCode, locks } = await outcomeOf(dumped)
  assert.deepEqual({ exitCode, locks }, { exitCode: 130, locks: [] })
})

test('Ctrl-C ends what reads folders: stats, diff, and find for blobs', async () => {
  await using world = await backedUpWorld()
  const [a = '', b = ''] = world.ids
  const repository = await world.open()
  await repository.loadIndex()
  const { tree } = await repository.loadSnapshot(a)
  const commands = [
    ['stats'],
    ['stats', '--mode', 'raw-data'],
    ['stats', '--mode', 'blobs-per-file'],
    ['diff', a, b],
    ['find', '--tree', tree],
  ]
  for (const command of commands) {
    const run = await runCli(world.place, command, { isInterrupted: true })
    assert.equal(run.exitCode, 130, command.join(' '))
    assert.deepEqual(await readdir(`${world.place}/locks`), [])
  }
})

test('the program is the one that package.json names', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
  const program = path.resolve(import.meta.dirname, '../..', manifest.bin['granary-repo'])
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--help'])
  assert.match(stdout, /forget \[options\]/)
})
