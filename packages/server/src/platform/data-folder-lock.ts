import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Keeps a second server out of a data folder. The lock is SQLite's own on an empty file, so the operating
 * system lets go of it when the process dies, however it dies.
 * @throws {Error} with a sentence for people when a server has it
 */
export function lockDataFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const connection = new DatabaseSync(path.join(folder, 'server.lock'), { timeout: 2000 })
  try {
    connection.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    connection.close()
    throw new Error(
      `Another Granary server is running on ${folder}. Stop it first, or give this one another GRANARY_DATA.`,
      {
        cause: error,
      },
    )
  }
  return { [Symbol.dispose]: () => connection.close() }
}
