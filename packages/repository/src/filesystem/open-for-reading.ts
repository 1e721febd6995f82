import { closeSync, constants, existsSync, openSync } from 'node:fs'
import type { FileName } from '../format/file-name.ts'
import { namesIn, nodePath } from './node-path.ts'

// Only Linux has it, and only Node's types do not know.
const noAtime = process.platform === 'linux' ? 0o1000000 : 0

/** Opens a file without following a symlink that has taken its place, and without touching its access time. */
export function openForReading(path: FileName): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    return openSync(nodePath(path), flags | noAtime)
  } catch (error) {
    // Only the owner may leave the access time alone.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM')
      return openSync(nodePath(path), flags)
    throw error
  }
}

const openFiles = existsSync('/proc/self/fd') ? '/proc/self/fd' : undefined

/**
 * The names in a folder, without following a symlink that has taken its place since somebody looked at it. What is below
 * is still found by its path.
 * @throws what the file system reports: ELOOP for a symlink
 */
export function namesInFolderItself(folder: FileName): FileName[] {
  const descriptor = openForReading(folder)
  try {
    return namesIn(openFiles === undefined ? folder : `${openFiles}/${descriptor}`)
  } finally {
    closeSync(descriptor)
  }
}
