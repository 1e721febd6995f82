import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../config.ts'
import { verifyBackup } from './backup-manifest.ts'
import { databaseFile, keyFile } from './write-server-backup.ts'

const kinds = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

/**
 * Puts database and key of a backup in place: SQLite into the data folder, where what was there is set aside, not removed;
 * PostgreSQL into an empty database. The server must not run; the ledger has to be reconciled with the objects
 * afterwards, as they are newer than the backup.
 * @throws {Error} with a sentence for people
 */
export async function restoreServerBackup(
  { database, dataFolder }: Pick<Config, 'database' | 'dataFolder'>,
  backupFolder: string,
  now: number,
): Promise<void> {
  const manifest = await verifyBackup(backupFolder)
  if (manifest.database !== database.kind)
    throw new Error(
      `This is a backup of ${kinds[manifest.database]}, and DATABASE_URL says ${kinds[database.kind]}.`,
    )
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const setAside = async (name: string) => {
    const file = path.join(dataFolder, name)
    if (existsSync(file)) await rename(file, `${file}.before-restore-${now}`)
  }
  if (database.kind === 'postgres') {
    const { restorePostgres } = await import('./restore-postgres.ts')
    await restorePostgres(database.url, backupFolder, manifest)
  } else {
    for (const name of [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`]) await setAside(name)
    await copyFile(path.join(backupFolder, databaseFile), path.join(dataFolder, databaseFile))
  }
  const key = path.join(backupFolder, keyFile)
  // With GRANARY_SECRET there is none.
  if (!existsSync(key)) return
  await setAside(keyFile)
  await copyFile(key, path.join(dataFolder, keyFile))
}
