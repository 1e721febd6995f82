import { closeSync, fsyncSync, openSync, statfsSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Log } from '../log.ts'
import { isBusy } from './sqlite-statements.ts'

const everyMs = 500
/** A log that holds this much is begun anew, which holds writers up for a moment. */
const fullLogBytes = 32 * 1024 * 1024
/** Room made for the log beforehand: what it holds when it is full, and what arrives until that is noticed. */
const logRoomBytes = 64 * 1024 * 1024
/** The share of the free disk that may be taken for it. */
const logRoomShare = 1 / 20

/**
 * Moves what is in the write-ahead log into the database file, from a process that serves no requests, so that
 * none waits for it.
 */
export function keepCheckpointing(dataFolder: string, log: Log): Disposable {
  const file = path.join(dataFolder, 'granary.sqlite')
  const connection = new DatabaseSync(file, { timeout: 200 })
  connection.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0')
  const pageBytes = connection.prepare('pragma page_size').get()?.page_size as number
  makeLogRoom(`${file}-wal`)
  const passive = connection.prepare('pragma wal_checkpoint(passive)')
  const restart = connection.prepare('pragma wal_checkpoint(restart)')
  const timer = setInterval(() => {
    try {
      const logPages = passive.get()?.log as number
      if (logPages * pageBytes > fullLogBytes) restart.all()
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

/**
 * Lengthens the log's file with zeros, before anyone but this process uses the database. A log that grows with each
 * commit has its length flushed with it, a second write to another place of the disk; one that is overwritten has not.
 * SQLite stops reading a log at the first frame that is not of its salt, so zeros behind the last are as good as an end.
 * @see https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
function makeLogRoom(walFile: string): void {
  const { bavail, bsize } = statfsSync(path.dirname(walFile))
  if (bavail * bsize * logRoomShare < logRoomBytes) return
  const zeros = Buffer.alloc(1024 * 1024)
  const descriptor = openSync(walFile, 'a')
  try {
    for (let bytes = statSync(walFile).size; bytes < logRoomBytes; bytes += zeros.length)
      writeSync(descriptor, zeros)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
