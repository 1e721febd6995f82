import { glob } from 'node:fs/promises'
import { nameFromBytes } from '../format/file-name.ts'
import type { BackupFlags } from './commands/backup-command.ts'
import { readListFile, readPatternFiles } from './read-list-file.ts'

/** The files and folders to back up: those named, and those that lists name. */
export async function collectTargets(
  named: readonly string[],
  flags: Pick<BackupFlags, 'filesFrom' | 'filesFromVerbatim' | 'filesFromRaw'>,
  workingFolder: string,
): Promise<string[]> {
  const targets = [...named]
  for (const pattern of await readPatternFiles(flags.filesFrom, workingFolder)) {
    const matches = await Array.fromAsync(glob(pattern, { cwd: workingFolder }))
    // What matches nothing is reported as missing when it is backed up.
    targets.push(...(matches.length > 0 ? matches : [pattern]))
  }
  for (const file of flags.filesFromVerbatim ?? [])
    targets.push(...(await entriesOf(file, workingFolder, 0x0a)))
  for (const file of flags.filesFromRaw ?? []) targets.push(...(await entriesOf(file, workingFolder, 0x00)))
  return targets
}

/** Names may be any bytes. */
async function entriesOf(file: string, workingFolder: string, separator: number): Promise<string[]> {
  const content = await readListFile(file, workingFolder)
  const entries: string[] = []
  for (let start = 0; start < content.length; ) {
    const found = content.indexOf(separator, start)
    const end = found < 0 ? content.length : found
    if (end > start) entries.push(nameFromBytes(content.subarray(start, end)))
    start = end + 1
  }
  return entries
}
