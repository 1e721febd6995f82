import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { createTestDatabase } from './test-database.ts'
import { startThrowawayPostgres } from './throwaway-postgres.ts'
import { postgresBinaries } from './tools/postgres-binaries.ts'
import { runProgram } from './tools/run-program.ts'

async function query(url: string, sql: string): Promise<string> {
  const psql = path.join(await postgresBinaries(), 'psql')
  return (
    await runProgram(psql, ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql])
  ).stdout.trim()
}

test('a throwaway cluster answers on loopback only, keeps its promise about fsync, and leaves nothing behind', async () => {
  let dataFolder = ''
  let url = ''
  {
    await using cluster = await startThrowawayPostgres({ fsync: true })
    url = cluster.url
    dataFolder = await query(url, 'show data_directory')
    assert.equal(await query(url, 'show fsync'), 'on')
    assert.equal(await query(url, 'show listen_addresses'), '127.0.0.1')
    assert.equal(await query(url, "select lower('ÄРИ')"), 'äри')
    assert.ok(existsSync(dataFolder))
  }
  assert.equal(existsSync(path.dirname(dataFolder)), false)
  await assert.rejects(query(url, 'select 1'), /Connection refused/)
})

test('each test gets an empty database of its own, gone afterwards', async () => {
  let url = ''
  {
    await using one = await createTestDatabase()
    await using other = await createTestDatabase()
    await query(one.url, 'create table kept (n int)')
    await assert.rejects(query(other.url, 'select * from kept'), /relation "kept" does not exist/)
    url = one.url
  }
  await assert.rejects(query(url, 'select 1'), /does not exist/)
})
