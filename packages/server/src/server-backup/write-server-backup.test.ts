import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { mountSmallDisk } from '@granary/testing'
import { openDatabase } from '../platform/database/open-database.ts'
import { openTestPlace } from '../test-world/on-each-database.ts'
import { writeServerBackup } from './server-backup.ts'

test('backups that a clock far ahead has left behind are the first that go, and take no new one along', async () => {
  await using place = await openTestPlace('sqlite')
  const { dataFolder } = place
  const own = path.join(dataFolder, 'server-backups')
  const elsewhere = path.join(dataFolder, 'elsewhere')
  for (let day = 10; day < 24; day += 1)
    for (const folder of [own, elsewhere])
      mkdirSync(path.join(folder, `2031-01-${day}T03-00-00.000Z`), { recursive: true })
  mkdirSync(path.join(own, '.2031-01-24T03-00-00.000Z'))
  const config = {
    dataFolder,
    database: { kind: 'sqlite' as const, dataFolder },
    serverBackupsFolder: elsewhere,
  }
  const written: string[] = []
  for (let day = 1; day <= 15; day += 1)
    written.push(path.basename(await writeServerBackup(config, Date.UTC(2026, 10, day))))
  for (const folder of [own, elsewhere]) assert.deepEqual(readdirSync(folder).sort(), written.slice(1))
})

test('a disk that a copy of the database would fill up keeps its room for the database', async () => {
  const mebibyte = 1024 * 1024
  await using disk = await mountSmallDisk(64 * mebibyte)
  const dataFolder = disk.path
  const database = await openDatabase({ kind: 'sqlite', dataFolder })
  await database.close()
  const { size } = statSync(path.join(dataFolder, 'granary.sqlite'))
  await disk.resize(1.5 * size)
  const config = {
    dataFolder,
    database: { kind: 'sqlite' as const, dataFolder },
    serverBackupsFolder: undefined,
  }
  await assert.rejects(writeServerBackup(config, 1), /no room for a copy of the database/)
  assert.deepEqual(readdirSync(path.join(dataFolder, 'server-backups')), [])
  await disk.resize(64 * mebibyte)
  await writeServerBackup(config, 1)
})
