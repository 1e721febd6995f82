import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from './usage-error.ts'

/** Reads patterns from files: one a line, blank lines and those that begin with `#` passed over, `$VAR` filled in. */
export async function readPatternFiles(
  files: readonly string[] | undefined,
  workingFolder: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string[]> {
  const patterns: string[] = []
  for (const file of files ?? []) {
    const lines = (await readListFile(file, workingFolder)).toString('utf8').split('\n')
    patterns.push(...lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')))
  }
  return patterns.map((pattern) =>
    pattern.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare, braced) =>
      whole === '$$' ? '$' : (environment[bare ?? braced] ?? ''),
    ),
  )
}

/** @throws {UsageError} when it can't be read */
export async function readListFile(file: string, workingFolder: string): Promise<Buffer> {
  return readFile(path.resolve(workingFolder, file)).catch((error: Error) => {
    throw new UsageError(`a list can't be read: ${error.message}`)
  })
}
