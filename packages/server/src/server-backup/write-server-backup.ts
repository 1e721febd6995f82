import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { DiskGauge } from '@granary/object-store'
import type { Config } from '../config.ts'
import { spareOf } from '../platform/kept-room.ts'
import { type BackupManifest, describeFile, verifyBackup, writeManifest } from './backup-manifest.ts'

/** Older ones are removed. */
const keptBackups = 14

export const databaseFile = 'granary.sqlite'
export const keyFile = 'server.key'

type Contents = Pick<BackupManifest, 'migration' | 'tables' | 'numbering'>
type Where = Pick<Config, 'database' | 'dataFolder' | 'serverBackupsFolder'>

/** Where the server's own backups lie inside the data folder. */
function ownBackupsFolder(dataFolder: string): string {
  return path.join(dataFolder, 'server-backups')
}

/**
 * Writes a consistent copy of the database, with the server's key beside it, while the server runs; then reads it again
 * to see that it is whole, here and elsewhere.
 * @returns the backup's folder
 */
export async function writeServerBackup(config: Where, now: number): Promise<string> {
  const folder = ownBackupsFolder(config.dataFolder)
  const name = nameOf(now)
  const begun = path.join(folder, `.${name}`)
  await removeUnfinished(folder, now)
  await mkdir(begun, { recursive: true, mode: 0o700 })
  try {
    const contents = await writeDatabase(config, begun)
    const key = path.join(config.dataFolder, keyFile)
    if (existsSync(key)) await copyFile(key, path.join(begun, keyFile))
    const files = []
    for (const file of (await readdir(begun)).sort()) {
      await chmod(path.join(begun, file), 0o600)
      files.push({ name: file, ...(await describeFile(path.join(begun, file))) })
    }
    await writeManifest(begun, { database: config.database.kind, files, ...contents })
    await verifyBackup(begun)
  } catch (error) {
    await rm(begun, { recursive: true, force: true })
    throw error
  }
  const finished = path.join(folder, name)
  await finish(begun, finished)
  await removeOld(folder, now)
  if (config.serverBackupsFolder !== undefined) await copyElsewhere(finished, config.serverBackupsFolder, now)
  return finished
}

async function writeDatabase({ database, dataFolder }: Where, folder: string): Promise<Contents> {
  if (database.kind === 'postgres') {
    const { dumpPostgres } = await import('./dump-postgres.ts')
    return dumpPostgres(database.url, folder)
  }
  const copy = path.join(folder, databaseFile)
  await expectRoom(folder, (await stat(path.join(dataFolder, databaseFile))).size)
  using source = opened(path.join(dataFolder, databaseFile))
  await backup(source.connection, copy)
  using written = opened(copy)
  const check = written.connection.prepare('pragma quick_check(1)').get()
  if (check?.quick_check !== 'ok')
    throw new Error(`The copy of the database is damaged: ${String(check?.quick_check)}`)
  const last = written.connection
    .prepare('select name from kysely_migration order by name desc limit 1')
    .get() as { name: string }
  return { migration: last.name, tables: [], numbering: [] }
}

/** A disk that the copy filled up would keep the database itself from writing. */
async function expectRoom(folder: string, bytes: number): Promise<void> {
  const room = new DiskGauge(folder).read()
  if (spareOf(room).bytes >= bytes) return
  throw new Error(
    `There is no room for a copy of the database, which takes ${bytes} bytes: ${folder} has ${room.freeBytes} left. Add disk space, or purge what is in the trash.`,
  )
}

function opened(file: string) {
  const connection = new DatabaseSync(file, { readOnly: true })
  return { connection, [Symbol.dispose]: () => connection.close() }
}

async function copyElsewhere(finished: string, folder: string, now: number): Promise<void> {
  const elsewhere = path.join(folder, path.basename(finished))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await rm(`${elsewhere}.part`, { recursive: true, force: true })
  await cp(finished, `${elsewhere}.part`, { recursive: true })
  await verifyBackup(`${elsewhere}.part`)
  await finish(`${elsewhere}.part`, elsewhere)
  await removeOld(folder, now)
}

/** Gives a backup its name. It outlasts a loss of power then: older ones are removed for it. */
async function finish(written: string, finished: string): Promise<void> {
  for (const file of await readdir(written)) await flush(path.join(written, file))
  await flush(written)
  await rename(written, finished)
  await flush(path.dirname(finished))
}

async function flush(place: string): Promise<void> {
  await using handle = await open(place)
  await handle.sync()
}

/** What a server that died in the middle of it had begun; another one may be at it since an hour ago. */
async function removeUnfinished(folder: string, now: number): Promise<void> {
  if (!existsSync(folder)) return
  const [dayAgo, inADay] = [-1, 1].map((days) => `.${nameOf(now + days * 24 * 3_600_000)}`) as [
    string,
    string,
  ]
  for (const name of await readdir(folder))
    if (name.startsWith('.') && (name < dayAgo || name > inADay))
      await rm(path.join(folder, name), { recursive: true, force: true })
}

function nameOf(now: number): string {
  return new Date(now).toISOString().replaceAll(':', '-')
}

/** Those with a time yet to come were written by a clock that was ahead: they are older than any since. */
async function removeOld(folder: string, now: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\dT[\d.-]+Z$/.test(name)).sort()
  const latest = nameOf(now)
  const oldestFirst = [...names.filter((name) => name > latest), ...names.filter((name) => name <= latest)]
  for (const name of oldestFirst.slice(0, -keptBackups))
    await rm(path.join(folder, name), { recursive: true })
}
