import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import type { Config } from '../config.ts'

/** Older ones are removed. */
const keptBackups = 14

export const databaseFile = 'granary.sqlite'
export const keyFile = 'server.key'

/** Where the server's own backups lie inside the data folder. */
function ownBackupsFolder(dataFolder: string): string {
  return path.join(dataFolder, 'server-backups')
}

/**
 * Writes a consistent copy of the SQLite database, with the server's key beside it, while the server runs. On
 * PostgreSQL the database's own tools do that.
 * @returns the backup's folder
 */
export async function writeServerBackup(config: Config, now: number): Promise<string> {
  const folder = ownBackupsFolder(config.dataFolder)
  const name = new Date(now).toISOString().replaceAll(':', '-')
  const begun = path.join(folder, `.${name}`)
  await mkdir(begun, { recursive: true, mode: 0o700 })
  const source = new DatabaseSync(path.join(config.dataFolder, databaseFile), { readOnly: true })
  try {
    await backup(source, path.join(begun, databaseFile))
  } finally {
    source.close()
  }
  const key = path.join(config.dataFolder, keyFile)
  if (existsSync(key)) await copyFile(key, path.join(begun, keyFile))
  for (const file of await readdir(begun)) await chmod(path.join(begun, file), 0o600)
  const finished = path.join(folder, name)
  await rename(begun, finished)
  await removeOld(folder)
  if (config.serverBackupsFolder !== undefined) {
    const elsewhere = path.join(config.serverBackupsFolder, name)
    await cp(finished, `${elsewhere}.part`, { recursive: true })
    await rename(`${elsewhere}.part`, elsewhere)
    await removeOld(config.serverBackupsFolder)
  }
  return finished
}

async function removeOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\dT[\d.-]+Z$/.test(name)).sort()
  for (const name of names.slice(0, -keptBackups)) await rm(path.join(folder, name), { recursive: true })
}
