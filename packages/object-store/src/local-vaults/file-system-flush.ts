import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

let isKnown: boolean | undefined

/** Whether `flushFileSystem` works here: Linux, with coreutils' `sync` or a BusyBox that knows `-f`. Asked once. */
export function canFlushFileSystem(): boolean {
  isKnown ??= findOut()
  return isKnown
}

function findOut(): boolean {
  if (process.platform !== 'linux') return false
  const { stdout, stderr } = spawnSync('sync', ['--help'], { encoding: 'utf8' })
  return /^\s*-f\b/m.test(`${stdout}\n${stderr}`)
}

/**
 * Flushes all of the file system that holds a folder, in one go: a thousand small files cost about as much as ten that
 * are flushed one by one. Node has no syncfs(2); the program `sync` has it.
 * @throws when the file system could not write everything
 */
export async function flushFileSystem(folder: string): Promise<void> {
  try {
    await run('sync', ['-f', folder])
  } catch (error) {
    throw new Error(`The file system of ${folder} could not be flushed`, { cause: error })
  }
}
