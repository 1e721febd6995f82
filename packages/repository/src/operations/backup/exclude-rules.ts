import { closeSync, constants, openSync, readSync } from 'node:fs'
import { namesIn, nodePath } from '../../filesystem/node-path.ts'
import { matchesPatterns, type PathPattern, parsePattern } from '../../filter/path-pattern.ts'
import type { FileName } from '../../format/file-name.ts'

/** What a backup leaves out. Plain data, so that threads can be told. */
export interface ExcludeOptions {
  /** Patterns against absolute paths. */
  readonly patterns?: readonly string[]
  /** The same, whatever the case of letters. */
  readonly patternsIgnoringCase?: readonly string[]
  /** Leaves out what lies in a folder that holds this file, beginning with `header` if one is given. */
  readonly ifPresent?: readonly PresenceRule[]
  /** Leaves out files larger than this. */
  readonly largerThanBytes?: number
  /** Stays on the file system of each target. */
  readonly oneFileSystem?: boolean
}

export interface PresenceRule {
  readonly fileName: string
  readonly header?: string
}

/** @see https://bford.info/cachedir/ */
export const cacheFolderRule: PresenceRule = {
  fileName: 'CACHEDIR.TAG',
  header: 'Signature: 8a477f597d28d172789f06886806bc55',
}

/** restic's `.gitignore:header` notation of `--exclude-if-present`. */
export function parsePresenceRule(text: string): PresenceRule {
  const colon = text.indexOf(':')
  return colon < 0 ? { fileName: text } : { fileName: text.slice(0, colon), header: text.slice(colon + 1) }
}

export class ExcludeRules {
  readonly #patterns: readonly PathPattern[]
  readonly #patternsIgnoringCase: readonly PathPattern[]
  readonly #ifPresent: readonly PresenceRule[]
  readonly #largerThanBytes: number
  readonly oneFileSystem: boolean

  constructor(options: ExcludeOptions) {
    this.#patterns = (options.patterns ?? []).map((text) => parsePattern(text))
    this.#patternsIgnoringCase = (options.patternsIgnoringCase ?? []).map((text) =>
      parsePattern(text, { ignoreCase: true }),
    )
    this.#ifPresent = options.ifPresent ?? []
    this.#largerThanBytes = options.largerThanBytes ?? Number.POSITIVE_INFINITY
    this.oneFileSystem = options.oneFileSystem ?? false
  }

  excludesPath(path: FileName): boolean {
    return (
      (this.#patterns.length > 0 && matchesPatterns(this.#patterns, path)) ||
      (this.#patternsIgnoringCase.length > 0 && matchesPatterns(this.#patternsIgnoringCase, path))
    )
  }

  excludesSize(bytes: number): boolean {
    return bytes > this.#largerThanBytes
  }

  /** The names in a folder that neither a pattern nor a marker file excludes. */
  namesKeptIn(folder: FileName): readonly FileName[] {
    const names = this.namesToKeep(folder, namesIn(folder))
    return names.filter((name) => !this.excludesPath(`${folder}/${name}`))
  }

  /** Of the names in a folder, those that may be backed up: the marker file alone, where there is one. */
  namesToKeep(folder: FileName, names: readonly FileName[]): readonly FileName[] {
    for (const rule of this.#ifPresent) {
      if (names.includes(rule.fileName) && beginsWith(`${folder}/${rule.fileName}`, rule.header)) {
        return [rule.fileName]
      }
    }
    return names
  }
}

function beginsWith(file: FileName, header: string | undefined): boolean {
  if (header === undefined) return true
  const wanted = Buffer.from(header)
  try {
    return beginningOf(file, wanted.length).equals(wanted)
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    // A marker that can't be read marks nothing; reading it for the backup reports the error.
    return false
  }
}

/** @throws what the file system reports */
function beginningOf(file: FileName, bytes: number): Buffer {
  // Without waiting for who would write into a fifo of that name.
  const descriptor = openSync(nodePath(file), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const beginning = Buffer.alloc(bytes)
    return beginning.subarray(0, readSync(descriptor, beginning, 0, bytes, 0))
  } finally {
    closeSync(descriptor)
  }
}
