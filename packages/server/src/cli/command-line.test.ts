import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { createTestDatabase, runProgram } from '@granary/testing'
import { startApiWorld } from '../test-world/api-world.ts'
import { openTestPlace } from '../test-world/on-each-database.ts'

const program = path.resolve(import.meta.dirname, '../main.ts')

interface Outcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

async function granary(
  dataFolder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const { DATABASE_URL: _, ...inherited } = process.env
  const options = { env: { ...inherited, GRANARY_DATA: dataFolder, ...env } }
  try {
    return await runProgram(process.execPath, [program, ...args], options)
  } catch (error) {
    const { result } = error as { result?: Outcome }
    if (!result) throw error
    return result
  }
}

test('a key made before the first start works, is listed, and is revoked beside a running server', async () => {
  await using place = await openTestPlace('sqlite')
  const args = ['--name', 'Deploy', '--role', 'server-operator', '--expires', '90d']
  const made = await granary(place.dataFolder, ['api-key', 'create', ...args])
  assert.equal(made.exitCode, 0, made.stderr)
  assert.match(made.stdout, /^granary_[\w-]{32}\n$/)
  await using world = await startApiWorld(place)
  const key = made.stdout.trim()
  await world.get('/api/v1/session', { key })
  const listed = await granary(place.dataFolder, ['api-key', 'list', '--json'])
  const keys: { id: string; name: string; role: string }[] = JSON.parse(listed.stdout)
  const deploy = keys.find(({ name }) => name === 'Deploy')
  assert.equal(deploy?.role, 'server-operator')
  const revoked = await granary(place.dataFolder, ['api-key', 'revoke', deploy?.id ?? ''])
  assert.equal(revoked.stdout, 'Revoked Deploy.\n')
  await world.refused('api-key-invalid', 'GET', '/api/v1/session', { key })
  const verdict = await granary(place.dataFolder, ['audit', 'verify'])
  assert.equal(verdict.stdout, 'The audit log is intact: 2 entries.\n')
})

test('a reset link lets an administrator in', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  const { stdout } = await granary(place.dataFolder, ['admin', 'reset'], {
    GRANARY_URL: 'https://backup.example',
  })
  assert.match(stdout, /^https:\/\/backup\.example\/setup\?token=[\w-]{32}\n$/)
  const token = stdout.trim().split('=')[1]
  const body = { token, name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
  await world.send('POST', '/api/v1/setup', body, { key: null })
})

test('a changed audit log ends the check with 1', async () => {
  await using place = await openTestPlace('sqlite')
  await granary(place.dataFolder, ['api-key', 'create', '--name', 'A', '--role', 'server-admin'])
  await place.database.queries.updateTable('audit_log').set({ target_name: 'B' }).execute()
  const verdict = await granary(place.dataFolder, ['audit', 'verify'])
  assert.equal(verdict.exitCode, 1)
  assert.equal(verdict.stderr, 'The audit log is broken at entry 1. This entry was changed.\n')
})

test('what is asked wrongly ends with 2 and a sentence, what fails with 1', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'granary-cli-'))
  try {
    const cases: [args: string[], env: NodeJS.ProcessEnv, exitCode: number, stderr: RegExp][] = [
      [['api-key', 'create', '--name', 'x'], {}, 2, /--role/],
      [['api-key', 'create', '--name', 'x', '--role', 'god'], {}, 2, /server-admin/],
      [['api-key', 'create', '--name', '', '--role', 'server-admin'], {}, 2, /A name is needed/],
      [['api-key', 'create', '--name', 'x', '--role', 'server-admin', '--expires', 'soon'], {}, 2, /90d/],
      [
        ['api-key', 'create', '--name', 'x', '--role', 'reseller-admin'],
        {},
        1,
        /The ID of the reseller is needed/,
      ],
      [['api-key', 'revoke', 'nope'], {}, 1, /There is no API key nope/],
      [['dance'], {}, 2, /unknown command/],
      [['audit', 'verify'], { DATABASE_URL: 'mysql://x' }, 2, /postgres:\/\//],
      [['audit', 'verify'], { DATABASE_URL: 'postgres://127.0.0.1:1/x' }, 1, /can’t be reached/],
      [['audit', 'verify'], { GRANARY_DATA: '/dev/null/data' }, 1, /\/dev\/null/],
    ]
    for (const [args, env, exitCode, stderr] of cases) {
      const outcome = await granary(folder, args, env)
      assert.equal(outcome.exitCode, exitCode, `${args.join(' ')}: ${outcome.stderr}`)
      assert.match(outcome.stderr, stderr)
      assert.ok(outcome.stderr.trim().split('\n').length <= 3, outcome.stderr)
      assert.equal(outcome.stdout, '')
    }
    const help = await granary(folder, ['--help'])
    assert.equal(help.exitCode, 0)
    assert.match(help.stdout, /GRANARY_LISTEN/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('the commands work on PostgreSQL', async () => {
  await using postgres = await createTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'granary-cli-'))
  try {
    const env = { DATABASE_URL: postgres.url }
    const args = ['api-key', 'create', '--name', 'A', '--role', 'server-admin', '--json']
    const made = await granary(folder, args, env)
    assert.equal(made.exitCode, 0, made.stderr)
    assert.match(JSON.parse(made.stdout).key, /^granary_/)
    const verdict = await granary(folder, ['audit', 'verify', '--json'], env)
    assert.deepEqual(JSON.parse(verdict.stdout), { intact: true, entries: 1, prunedEntries: 0 })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
