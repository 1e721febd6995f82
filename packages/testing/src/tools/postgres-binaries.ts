import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { installDebianPackage } from './debian-package.ts'
import { MissingToolError } from './tools-folder.ts'

/**
 * The folder that holds `initdb`, `postgres` and `psql` of one PostgreSQL installation. Where there is none,
 * root on Debian gets the distribution's.
 * @throws {MissingToolError} where PostgreSQL is missing and can't be installed
 */
export async function postgresBinaries(): Promise<string> {
  const found = await findPostgres()
  if (found) return found
  if (await installWithoutCluster()) {
    const installed = await findPostgres()
    if (installed) return installed
  }
  throw new MissingToolError(
    'Install PostgreSQL (Debian: apt-get install postgresql), or put its initdb on PATH.',
  )
}

async function findPostgres(): Promise<string | undefined> {
  const debian = '/usr/lib/postgresql'
  const releases = existsSync(debian) ? await readdir(debian) : []
  const newestFirst = releases.sort((a, b) => Number(b) - Number(a))
  return [
    ...newestFirst.map((release) => path.join(debian, release, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter),
  ].find((folder) => ['initdb', 'postgres', 'psql'].every((name) => existsSync(path.join(folder, name))))
}

/** Debian's package would make a cluster and start it on port 5432, which nobody has asked for. */
async function installWithoutCluster(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  const settings = '/etc/postgresql-common/createcluster.conf'
  const shipped = '/usr/share/postgresql-common/createcluster.conf'
  const isOurs = !existsSync(settings)
  if (isOurs) {
    await mkdir(path.dirname(settings), { recursive: true })
    await writeFile(settings, 'create_main_cluster = false\n')
  }
  try {
    return await installDebianPackage('postgresql')
  } finally {
    if (isOurs && existsSync(shipped)) await copyFile(shipped, settings)
    else if (isOurs) await rm(settings)
  }
}
