import path from 'node:path'
import { type Command, Option } from 'commander'
import type { OverwriteMode } from '../../operations/restore/overwrite-mode.ts'
import { restore } from '../../operations/restore/restore.ts'
import { findSnapshot } from '../../operations/snapshots/select-snapshots.ts'
import type { WithContext } from '../command-context.ts'
import { collect } from '../global-options.ts'
import { readPatternFiles } from '../read-list-file.ts'
import { shortId } from '../snapshot-json.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'
import { describeBytes, describeDuration } from '../terminal/describe-bytes.ts'
import { UsageError } from '../usage-error.ts'

interface RestoreFlags extends SnapshotFlags {
  readonly target?: string
  readonly include?: readonly string[]
  readonly iinclude?: readonly string[]
  readonly exclude?: readonly string[]
  readonly iexclude?: readonly string[]
  readonly includeFile?: readonly string[]
  readonly iincludeFile?: readonly string[]
  readonly excludeFile?: readonly string[]
  readonly iexcludeFile?: readonly string[]
  readonly includeXattr?: readonly string[]
  readonly excludeXattr?: readonly string[]
  readonly ownershipByName?: boolean
  readonly overwrite: OverwriteMode
  readonly delete?: boolean
  readonly sparse?: boolean
  readonly verify?: boolean
  readonly dryRun?: boolean
}

export function addRestoreCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('restore'))
    .description('restore a snapshot')
    .argument('<snapshotID>', 'an ID, or latest; with :folder for a part of it')
    .option('-t, --target <folder>', 'where to restore to')
    .option('-i, --include <pattern>', 'restores only this; repeatable', collect)
    .option('--iinclude <pattern>', 'the same, whatever the case of letters', collect)
    .option('--include-file <file>', 'reads such patterns from a file; repeatable', collect)
    .option('--iinclude-file <file>', 'the same, whatever the case of letters', collect)
    .option('-e, --exclude <pattern>', 'restores all but this; repeatable', collect)
    .option('--iexclude <pattern>', 'the same, whatever the case of letters', collect)
    .option('--exclude-file <file>', 'reads such patterns from a file; repeatable', collect)
    .option('--iexclude-file <file>', 'the same, whatever the case of letters', collect)
    .option('--include-xattr <pattern>', 'restores these extended attributes only; repeatable', collect)
    .option('--exclude-xattr <pattern>', 'restores all extended attributes but these; repeatable', collect)
    .option('--ownership-by-name', 'finds owners and groups by their names, but for access control lists')
    .addOption(
      new Option('--overwrite <behavior>', 'what to do with files that are there')
        .choices(['always', 'if-changed', 'if-newer', 'never'])
        .default('always'),
    )
    .option('--delete', 'removes from the target what the snapshot does not have')
    .option('--sparse', 'leaves holes where files hold zeros')
    .option('--verify', 'reads all restored files again, and compares')
    .option('--dry-run', 'says what would be done')
    .action(
      withContext(async (context, reference: string, flags: RestoreFlags) => {
        if (flags.target === undefined) throw new UsageError('name a folder to restore to, with --target')
        if (flags.includeXattr && flags.excludeXattr)
          throw new UsageError('--include-xattr and --exclude-xattr exclude each other')
        const { terminal, surroundings } = context
        const repository = await context.repository()
        const found = await findSnapshot(repository, reference, filterOf(flags, surroundings.environment))
        terminal.remark(`restoring snapshot ${shortId(found.id)} to ${flags.target}`)
        const target = path.resolve(surroundings.workingFolder, flags.target)
        const startedAt = performance.now()
        const result = await restore(repository, {
          ...context.upkeep,
          snapshotId: found.id,
          subfolder: found.subfolder,
          target,
          selection: await selectionOf(flags, surroundings.workingFolder),
          attributes: { includes: flags.includeXattr ?? [], excludes: flags.excludeXattr ?? [] },
          ownershipByName: flags.ownershipByName ?? false,
          overwrite: flags.overwrite,
          deleteExtras: flags.delete ?? false,
          onDelete: (path) => terminal.remark(`deleted ${path.toWellFormed()}`),
          sparse: flags.sparse ?? false,
          verify: flags.verify ?? false,
          dryRun: flags.dryRun ?? false,
          noLock: !context.options.lock,
          onFailure: ({ path, message }) => {
            const item = path.startsWith(`${target}/`) ? path.slice(target.length) : path
            terminal.itemFailure('restore', item, message, `${path.toWellFormed()}: ${message}`)
          },
          onProgress: ({ filesRestored }) => terminal.progress({ step: 'files', done: filesRestored }),
        })
        const seconds = (performance.now() - startedAt) / 1000
        const items = result.filesRestored + result.folders
        terminal.json({
          message_type: 'summary',
          ...unlessZero({ seconds_elapsed: Math.floor(seconds) }),
          total_files: items + result.filesSkipped,
          files_restored: items,
          ...unlessZero({
            files_skipped: result.filesSkipped,
            files_deleted: result.itemsDeleted,
            total_bytes: result.bytesRestored,
            bytes_restored: result.bytesRestored,
            bytes_skipped: result.bytesSkipped,
          }),
        })
        const skipped = `, skipped ${result.filesSkipped} files/dirs ${describeBytes(result.bytesSkipped)}`
        terminal.line(
          `Summary: Restored ${items} files/dirs (${describeBytes(result.bytesRestored)}) in ${describeDuration(seconds)}${result.filesSkipped > 0 ? skipped : ''}`,
        )
        if (flags.delete) terminal.line(`Deleted ${result.itemsDeleted} files/dirs`)
        if (flags.verify) terminal.line(`Verified ${result.filesVerified} files`)
        if (result.failures.length === 0) return 0
        const errors = `There were ${result.failures.length} errors`
        terminal.line(errors)
        return terminal.incomplete(1, `Fatal: ${errors}`)
      }),
    )
}

/** As restic leaves zeros out. */
function unlessZero(counts: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

async function selectionOf(flags: RestoreFlags, workingFolder: string) {
  return {
    includes: [...(flags.include ?? []), ...(await readPatternFiles(flags.includeFile, workingFolder))],
    includesIgnoringCase: [
      ...(flags.iinclude ?? []),
      ...(await readPatternFiles(flags.iincludeFile, workingFolder)),
    ],
    excludes: [...(flags.exclude ?? []), ...(await readPatternFiles(flags.excludeFile, workingFolder))],
    excludesIgnoringCase: [
      ...(flags.iexclude ?? []),
      ...(await readPatternFiles(flags.iexcludeFile, workingFolder)),
    ],
  }
}
