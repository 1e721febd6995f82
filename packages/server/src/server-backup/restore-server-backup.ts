import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { databaseFile, keyFile } from './write-server-backup.ts'

/**
 * Puts database and key of a backup into the data folder. What was there is set aside, not removed. The server must
 * not run; the ledger has to be reconciled with the objects afterwards, as they are newer than the backup.
 */
export async function restoreServerBackup(
  dataFolder: string,
  backupFolder: string,
  now: number,
): Promise<void> {
  const database = path.join(backupFolder, databaseFile)
  if (!existsSync(database))
    throw new Error(`There is no backup in ${backupFolder}: it holds no ${databaseFile}.`)
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  for (const name of [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`, keyFile]) {
    const file = path.join(dataFolder, name)
    if (existsSync(file)) await rename(file, `${file}.before-restore-${now}`)
  }
  await copyFile(database, path.join(dataFolder, databaseFile))
  const key = path.join(backupFolder, keyFile)
  if (existsSync(key)) await copyFile(key, path.join(dataFolder, keyFile))
}
