import { statSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Log } from '../log.ts'
import { isBusy } from './sqlite-statements.ts'

const everyMs = 1000
/** A log of this size is brought to an end, which holds writers up for a moment. */
const largeLogBytes = 32 * 1024 * 1024

/**
 * Moves what is in the write-ahead log into the database file, from a process that serves no requests, so that
 * none waits for it.
 */
export function keepCheckpointing(dataFolder: string, log: Log): Disposable {
  const file = path.join(dataFolder, 'granary.sqlite')
  const connection = new DatabaseSync(file, { timeout: 200 })
  connection.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0')
  const passive = connection.prepare('pragma wal_checkpoint(passive)')
  const restart = connection.prepare('pragma wal_checkpoint(restart)')
  const timer = setInterval(() => {
    try {
      passive.all()
      const logBytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
      if (logBytes > largeLogBytes) restart.all()
    } catch (error) {
      if (!isBusy(error)) log.warn({ err: error }, 'The database log could not be moved into the database')
    }
  }, everyMs)
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      connection.close()
    },
  }
}
