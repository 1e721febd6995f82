import path from 'node:path'
import { type Command, Option } from 'commander'
import { thisProcess } from '../../locks/this-process.ts'
import { type BackupOptions, type BackupResult, backup } from '../../operations/backup/backup.ts'
import { commandOutput } from '../../operations/backup/command-output.ts'
import {
  cacheFolderRule,
  type ExcludeOptions,
  parsePresenceRule,
} from '../../operations/backup/exclude-rules.ts'
import { parentFilter } from '../../operations/backup/parent-snapshot.ts'
import type { GroupKey } from '../../operations/snapshots/group-snapshots.ts'
import { findSnapshot } from '../../operations/snapshots/select-snapshots.ts'
import type { Repository } from '../../repository.ts'
import { WorkerPool } from '../../workers/worker-pool.ts'
import { collectTargets } from '../backup-targets.ts'
import type { CommandContext, WithContext } from '../command-context.ts'
import { compressionLevelOf } from '../compression-level.ts'
import { collect, parsePositive, parseSize } from '../global-options.ts'
import { readPatternFiles } from '../read-list-file.ts'
import { shortId } from '../snapshot-json.ts'
import { flattenTags, parseGroupBy } from '../snapshot-options.ts'
import { describeBytes, describeDuration } from '../terminal/describe-bytes.ts'
import { parseLocalTime } from '../terminal/local-time.ts'
import { UsageError } from '../usage-error.ts'

export interface BackupFlags {
  readonly exclude?: readonly string[]
  readonly iexclude?: readonly string[]
  readonly excludeFile?: readonly string[]
  readonly iexcludeFile?: readonly string[]
  readonly excludeIfPresent?: readonly string[]
  readonly excludeCaches?: boolean
  readonly excludeLargerThan?: number
  readonly oneFileSystem?: boolean
  readonly filesFrom?: readonly string[]
  readonly filesFromVerbatim?: readonly string[]
  readonly filesFromRaw?: readonly string[]
  readonly stdin?: boolean
  readonly stdinFilename: string
  readonly stdinFromCommand?: boolean
  readonly tag?: readonly string[]
  readonly host?: string
  readonly time?: string
  readonly parent?: string
  readonly groupBy: GroupKey[]
  readonly force?: boolean
  readonly withAtime?: boolean
  readonly ignoreCtime?: boolean
  readonly ignoreInode?: boolean
  readonly skipIfUnchanged?: boolean
  readonly dryRun?: boolean
  readonly readConcurrency?: number
}

const someUnreadable = 3

export function addBackupCommand(program: Command, withContext: WithContext): void {
  program
    .command('backup')
    .description('back files and folders up')
    .argument('[targets...]', 'files and folders; with --stdin-from-command, the command')
    .option('-e, --exclude <pattern>', 'leaves out what matches; repeatable', collect)
    .option('--iexclude <pattern>', 'the same, whatever the case of letters', collect)
    .option('--exclude-file <file>', 'reads such patterns from a file; repeatable', collect)
    .option('--iexclude-file <file>', 'the same, whatever the case of letters', collect)
    .option('--exclude-if-present <filename[:header]>', 'leaves folders out that hold such a file', collect)
    .option('--exclude-caches', 'leaves folders out that hold a CACHEDIR.TAG')
    .option('--exclude-larger-than <size>', 'leaves larger files out', parseSize)
    .option('-x, --one-file-system', 'stays on the file system of each target')
    .option('--files-from <file>', 'reads patterns of targets from a file; repeatable', collect)
    .option('--files-from-verbatim <file>', 'reads targets from a file, one a line; repeatable', collect)
    .option(
      '--files-from-raw <file>',
      'reads targets from a file, with NUL between them; repeatable',
      collect,
    )
    .option('--stdin', 'backs up what comes in')
    .option('--stdin-filename <filename>', 'its path in the snapshot', 'stdin')
    .option('--stdin-from-command', 'runs the command, and backs up what it prints')
    .option('--tag <tags>', 'tags of the snapshot; repeatable', collect)
    .option('-H, --host <hostname>', 'host of the snapshot ($RESTIC_HOST)')
    .option('--time <time>', 'time of the snapshot, such as 2012-11-01 22:08:41')
    .option('--parent <snapshot>', 'compares with this snapshot')
    .addOption(
      new Option('-g, --group-by <keys>', 'what a snapshot has in common with the one it is compared with')
        .argParser(parseGroupBy)
        .default(['host', 'paths'], 'host,paths'),
    )
    .option('-f, --force', 'reads every file')
    .option('--with-atime', 'keeps the times of access')
    .option('--ignore-ctime', 'takes files for unchanged whose ctime alone differs')
    .option('--ignore-inode', 'takes files for unchanged whose inode or ctime alone differs')
    .option('--skip-if-unchanged', 'saves no snapshot when nothing has changed')
    .option('-n, --dry-run', 'stores nothing')
    .option('--read-concurrency <n>', 'threads that read files (all cores)', parsePositive)
    .option('--no-scan', 'accepted for restic’s sake: there is no scan beforehand')
    .action(
      withContext(async (context, targets: string[], flags: BackupFlags) => {
        const { terminal } = context
        const repository = await context.repository()
        const startedAt = performance.now()
        await using pool = new WorkerPool(flags.readConcurrency)
        const result = await backup(repository, {
          ...(await optionsOf(context, repository, targets, flags)),
          pool,
        })
        printSummary(context, result, (performance.now() - startedAt) / 1000)
        if (result.failures.length === 0) return 0
        const warning = 'Warning: at least one source file could not be read'
        terminal.line(warning)
        return terminal.incomplete(someUnreadable, warning)
      }),
    )
}

async function optionsOf(
  context: CommandContext,
  repository: Repository,
  targets: string[],
  flags: BackupFlags,
): Promise<BackupOptions> {
  const { terminal, surroundings, options } = context
  const { environment, workingFolder } = surroundings
  const time = flags.time === undefined ? undefined : parseLocalTime(flags.time)
  if (flags.time !== undefined && time === undefined) {
    throw new UsageError(`${flags.time} is no time like 2012-11-01 22:08:41`)
  }
  const hostname = flags.host ?? environment.RESTIC_HOST
  const source = await sourceOf(context, targets, flags)
  const level = compressionLevelOf(options.compression ?? environment.RESTIC_COMPRESSION)
  const packMebibytes = options.packSize ?? Number(environment.RESTIC_PACK_SIZE ?? 0)
  return {
    ...context.upkeep,
    ...source,
    workingFolder,
    excludes: await excludesOf(flags, workingFolder),
    ...(hostname ? { hostname } : {}),
    tags: flattenTags(flags.tag),
    ...(time === undefined ? {} : { time }),
    ...(flags.parent === undefined || flags.force
      ? {}
      : { parentId: await parentOf(repository, flags.parent, flags, source, context) }),
    groupBy: flags.groupBy,
    force: flags.force ?? false,
    withAtime: flags.withAtime ?? false,
    ignoreCtime: (flags.ignoreCtime || flags.ignoreInode) ?? false,
    ignoreInode: flags.ignoreInode ?? false,
    skipIfUnchanged: flags.skipIfUnchanged ?? false,
    dryRun: flags.dryRun ?? false,
    ...(level === undefined ? {} : { compressionLevel: level }),
    ...(packMebibytes > 0 ? { packBytes: packMebibytes * 1024 * 1024 } : {}),
    onFailure: ({ path, message }) =>
      terminal.itemFailure('archival', path, message, `error: ${path.toWellFormed()}: ${message}`),
    onProgress: ({ files, bytes }) => {
      terminal.json({ message_type: 'status', percent_done: 0, files_done: files, bytes_done: bytes })
      terminal.progress({ step: 'files', done: files })
    },
  }
}

/** `latest` is the newest snapshot of the same group. */
async function parentOf(
  repository: Repository,
  reference: string,
  flags: BackupFlags,
  { targets, stream }: Pick<BackupOptions, 'targets' | 'stream'>,
  { surroundings }: CommandContext,
): Promise<string> {
  const { environment, workingFolder } = surroundings
  const hostname = (flags.host ?? environment.RESTIC_HOST) || thisProcess().hostname
  const paths = stream ? [stream.fileName] : targets.map((target) => path.resolve(workingFolder, target))
  const filter = parentFilter(flags.groupBy, { hostname, paths, tags: flattenTags(flags.tag) })
  return (await findSnapshot(repository, reference, filter)).id
}

async function sourceOf(
  { surroundings }: CommandContext,
  targets: string[],
  flags: BackupFlags,
): Promise<Pick<BackupOptions, 'targets' | 'stream'>> {
  if (!flags.stdin && !flags.stdinFromCommand) {
    return { targets: await collectTargets(targets, flags, surroundings) }
  }
  if (!flags.stdinFromCommand && targets.length > 0) throw new UsageError('--stdin takes no files besides')
  const fileName = path.posix.join('/', flags.stdinFilename)
  if (fileName === '/') throw new UsageError('--stdin-filename names no file')
  const content = flags.stdinFromCommand ? commandOutput(targets) : surroundings.input
  return { targets: [], stream: { fileName, content } }
}

async function excludesOf(flags: BackupFlags, workingFolder: string): Promise<ExcludeOptions> {
  return {
    patterns: [...(flags.exclude ?? []), ...(await readPatternFiles(flags.excludeFile, workingFolder))],
    patternsIgnoringCase: [
      ...(flags.iexclude ?? []),
      ...(await readPatternFiles(flags.iexcludeFile, workingFolder)),
    ],
    ifPresent: [
      ...(flags.excludeIfPresent ?? []).map(parsePresenceRule),
      ...(flags.excludeCaches ? [cacheFolderRule] : []),
    ],
    ...(flags.excludeLargerThan === undefined ? {} : { largerThanBytes: flags.excludeLargerThan }),
    oneFileSystem: flags.oneFileSystem ?? false,
  }
}

function printSummary({ terminal }: CommandContext, result: BackupResult, seconds: number): void {
  const { summary, snapshotId, parentId } = result
  const { backup_start, backup_end, ...counts } = summary
  terminal.json({
    message_type: 'summary',
    ...(snapshotId === undefined ? { dry_run: true } : {}),
    ...counts,
    total_duration: seconds,
    backup_start,
    backup_end,
    ...(snapshotId === undefined ? {} : { snapshot_id: snapshotId }),
  })
  if (parentId !== undefined) terminal.remark(`using parent snapshot ${shortId(parentId)}\n`)
  const triple = (kind: 'files' | 'dirs') =>
    (['new', 'changed', 'unmodified'] as const)
      .map((change) => `${summary[`${kind}_${change}`].toString().padStart(5)} ${change}`)
      .join(', ')
  terminal.line(`Files:       ${triple('files')}`)
  terminal.line(`Dirs:        ${triple('dirs')}`)
  const [added, stored] = [describeBytes(summary.data_added), describeBytes(summary.data_added_packed)]
  terminal.line(`Added to the repository: ${added} (${stored} stored)`)
  const processed = `${summary.total_files_processed} files, ${describeBytes(summary.total_bytes_processed)}`
  terminal.line(`\nprocessed ${processed} in ${describeDuration(seconds)}`)
  terminal.line(snapshotId === undefined ? 'no snapshot saved' : `snapshot ${shortId(snapshotId)} saved`)
}
