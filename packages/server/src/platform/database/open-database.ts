import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Database } from './database.ts'

/** Where the database is: the SQLite file in a data folder, or a PostgreSQL by its URL. */
export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly dataFolder: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Opens the database and brings its tables up to date. Only the driver that is needed is loaded. */
export async function openDatabase(
  location: DatabaseLocation,
  options: { checkpoints: 'here' | 'elsewhere' } = { checkpoints: 'here' },
): Promise<Database> {
  if (location.kind === 'postgres') {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(location.url)
  }
  mkdirSync(location.dataFolder, { recursive: true, mode: 0o700 })
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(path.join(location.dataFolder, 'granary.sqlite'), options)
}
