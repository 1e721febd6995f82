import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type FileName, nameFromBytes } from '../format/file-name.ts'
import type { Surroundings } from './surroundings.ts'
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

/** The lines of a list of names, which may be any bytes. @param file `-` for what comes in */
export async function readLines(file: string, surroundings: Surroundings): Promise<FileName[]> {
  const content = await readNames(file, surroundings)
  return splitAt(content, 0x0a).map((line) =>
    nameFromBytes(line.at(-1) === 0x0d ? line.subarray(0, -1) : line),
  )
}

/**
 * The names of a list in which a zero byte ends each.
 * @param file `-` for what comes in
 * @throws {UsageError} when it was cut off, or names nothing somewhere
 */
export async function readZeroEnded(file: string, surroundings: Surroundings): Promise<FileName[]> {
  const content = await readNames(file, surroundings)
  if (content.length > 0 && content.at(-1) !== 0) {
    throw new UsageError(`${file} does not end with a zero byte: it may have been cut off`)
  }
  const names = splitAt(content.subarray(0, -1), 0).map(nameFromBytes)
  if (content.length > 0 && names.includes('')) throw new UsageError(`an empty name is in ${file}`)
  return content.length > 0 ? names : []
}

function readNames(file: string, { input, workingFolder }: Surroundings): Promise<Buffer> {
  return file === '-' ? buffer(input) : readListFile(file, workingFolder)
}

function splitAt(content: Buffer, separator: number): Buffer[] {
  const parts: Buffer[] = []
  let start = 0
  for (let at = content.indexOf(separator); at >= 0; at = content.indexOf(separator, start)) {
    parts.push(content.subarray(start, at))
    start = at + 1
  }
  return [...parts, content.subarray(start)]
}

/** @throws {UsageError} when it can't be read */
async function readListFile(file: string, workingFolder: string): Promise<Buffer> {
  return readFile(path.resolve(workingFolder, file)).catch((error: Error) => {
    throw new UsageError(`a list can't be read: ${error.message}`)
  })
}
