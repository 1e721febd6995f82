import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from './database/database.ts'

/**
 * The secret under which credentials are hashed. It lies beside the database, not in it, so that neither
 * alone is of use to a thief. Servers that share a database must share it.
 */
export interface ServerKey {
  /** 32 bytes for one purpose, such as `client-credentials`. */
  derive(purpose: string): Buffer
}

/**
 * Takes the key from `GRANARY_SECRET`, or from `server.key` in the data folder, which is made at the first start.
 * @throws {Error} with a sentence for people when the database was set up under another key
 */
export async function loadServerKey(
  database: Database,
  options: { dataFolder: string; secret: string | undefined },
): Promise<ServerKey> {
  const key =
    options.secret === undefined
      ? await keyFromFile(path.join(options.dataFolder, 'server.key'))
      : Buffer.from(options.secret, 'utf8')
  const fingerprint = createHash('sha256').update('granary server key').update(key).digest('hex').slice(0, 32)
  await database.queries
    .insertInto('settings')
    .values({ key: 'server-key-fingerprint', value: fingerprint })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const known = await database.queries
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'server-key-fingerprint')
    .executeTakeFirstOrThrow()
  if (known.value !== fingerprint) {
    throw new Error(
      'This database was set up under another server key. Put the server.key of that server into the data folder, or set GRANARY_SECRET to what it was.',
    )
  }
  return { derive: (purpose) => Buffer.from(hkdfSync('sha256', key, 'granary', purpose, 32)) }
}

async function keyFromFile(file: string): Promise<Buffer> {
  try {
    return readKey(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const temporary = `${file}.${process.pid}`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64url')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
  return readKey(file)
}

function readKey(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (key.length !== 32)
    throw new Error(`${file} is damaged: it should hold 32 bytes in base64url. Put back a copy of it.`)
  return key
}
