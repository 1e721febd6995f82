import { chmodSync, lstatSync, openSync } from 'node:fs'
import { nodePath } from '../../filesystem/node-path.ts'
import type { FileName } from '../../format/file-name.ts'

/** The mode of a file on which work is going on. */
export const privateMode = 0o600

/**
 * Opens a file where one is restored to. A file that was there and that its owner may not read or write, such as a
 * read-only one of an earlier restore, is made accessible first: it gets its mode with its content.
 * @param mode that of a file that is not there yet
 * @throws what the system reports
 */
export function openAnyway(path: FileName, flags: number, mode = privateMode): number {
  const target = nodePath(path)
  try {
    return openSync(target, flags, mode)
  } catch (error) {
    const isForbidden = error instanceof Error && 'code' in error && error.code === 'EACCES'
    if (!isForbidden || !lstatSync(target, { throwIfNoEntry: false })?.isFile()) throw error
    chmodSync(target, privateMode)
    return openSync(target, flags)
  }
}
