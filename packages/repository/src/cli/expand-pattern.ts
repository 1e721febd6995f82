import path from 'node:path'
import { namesIn, statOf } from '../filesystem/node-path.ts'
import { matchesName } from '../filter/path-pattern.ts'
import type { FileName } from '../format/file-name.ts'

/**
 * The paths that fit a pattern, as restic expands the lines of `--files-from`: `*`, `?` and `[…]` within one part of a
 * path, for names that begin with a dot as for others; a backslash takes the next character as it is.
 * @throws {RepositoryProblem} `bad-pattern`
 */
export function expandPattern(pattern: string, workingFolder: string): FileName[] {
  let found: FileName[] = [pattern.startsWith('/') ? '/' : '']
  for (const part of pattern.split('/').filter(Boolean)) {
    const matches = matchesName(part)
    found = found.flatMap((folder) => {
      const names = matches ? namesWhere(path.resolve(workingFolder, folder)).filter(matches) : [part]
      return names.map((name) => (folder === '' || folder === '/' ? folder : `${folder}/`) + name)
    })
  }
  return found.filter((file) => isThere(path.resolve(workingFolder, file))).toSorted()
}

/** What can't be read holds nothing that fits. */
function namesWhere(folder: FileName): FileName[] {
  try {
    return namesIn(folder)
  } catch {
    return []
  }
}

function isThere(file: FileName): boolean {
  try {
    statOf(file)
    return true
  } catch {
    return false
  }
}
