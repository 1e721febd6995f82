import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './database/sqlite-statements.ts'

/** How long a server that is just stopping is waited for. */
const patienceMs = 2000

/**
 * Keeps a second server out of a data folder. The lock is SQLite's own on an empty file, so the operating
 * system lets go of it when the process dies, however it dies.
 * @throws {Error} with a sentence for people when a server has it
 */
export function lockDataFolder(folder: string): Disposable {
  const connection = openLock(folder, patienceMs)
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

/** Keeps servers out of a data folder where none is running; where one is, it goes on. */
export function tryLockDataFolder(folder: string): Disposable & { readonly isHeld: boolean } {
  const connection = openLock(folder, 0)
  let isHeld = true
  try {
    connection.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    if (!isBusy(error)) {
      connection.close()
      throw error
    }
    isHeld = false
  }
  return { isHeld, [Symbol.dispose]: () => connection.close() }
}

function openLock(folder: string, timeout: number): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return new DatabaseSync(path.join(folder, 'server.lock'), { timeout })
}
