import type { FileName } from '../format/file-name.ts'
import type { BackupFlags } from './commands/backup-command.ts'
import { expandPattern } from './expand-pattern.ts'
import { readLines, readZeroEnded } from './read-list-file.ts'
import type { Surroundings } from './surroundings.ts'

/** The files and folders to back up: those named, and those that lists name. */
export async function collectTargets(
  named: readonly string[],
  flags: Pick<BackupFlags, 'filesFrom' | 'filesFromVerbatim' | 'filesFromRaw'>,
  surroundings: Surroundings,
): Promise<FileName[]> {
  const targets = [...named]
  for (const file of flags.filesFrom ?? []) {
    const lines = (await readLines(file, surroundings)).map((line) => line.trim())
    for (const pattern of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
      const matches = expandPattern(pattern, surroundings.workingFolder)
      // What matches nothing is reported as missing when it is backed up.
      targets.push(...(matches.length > 0 ? matches : [pattern]))
    }
  }
  for (const file of flags.filesFromVerbatim ?? []) {
    targets.push(...(await readLines(file, surroundings)).filter((line) => line !== ''))
  }
  for (const file of flags.filesFromRaw ?? []) targets.push(...(await readZeroEnded(file, surroundings)))
  return targets
}
