import { type Command, Option } from 'commander'
import { namedOrFiltered } from '../../operations/snapshots/select-snapshots.ts'
import { countFiles, type FileCount, fileCounts } from '../../operations/stats/repository-stats.ts'
import { measureStored, type StoredSize } from '../../operations/stats/stored-size.ts'
import type { CommandContext, WithContext } from '../command-context.ts'
import { ignoring } from '../ignoring.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'
import { describeBytes } from '../terminal/describe-bytes.ts'

interface StatsFlags extends SnapshotFlags {
  readonly mode: FileCount | 'raw-data'
}

export function addStatsCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('stats'))
    .description('count files and bytes of snapshots')
    .argument('[snapshotIDs...]')
    .addOption(
      new Option('--mode <mode>', 'what to count')
        .choices([...fileCounts, 'raw-data'])
        .default('restore-size'),
    )
    .action(
      withContext(async (context, ids: string[], flags: StatsFlags) => {
        const repository = await context.repository()
        await using _lock = await context.readLock(repository)
        await repository.loadIndex()
        const { environment, signal } = context.surroundings
        const filter = filterOf(flags, environment)
        const snapshots = await namedOrFiltered(repository, ids, filter, ignoring(context))
        context.terminal.line(`Stats in ${flags.mode} mode:`)
        context.terminal.line(`     Snapshots processed:  ${snapshots.length}`)
        if (flags.mode === 'raw-data') {
          const size = await measureStored(repository, snapshots, signal)
          printStored(context, size, snapshots.length, repository.config.version)
          return 0
        }
        const { bytes, files, blobs } = await countFiles(repository, snapshots, flags.mode, signal)
        context.terminal.json({
          total_size: bytes,
          total_file_count: files,
          ...(blobs > 0 ? { total_blob_count: blobs } : {}),
          snapshots_count: snapshots.length,
        })
        context.terminal.line(`        Total File Count:  ${files}`)
        if (blobs > 0) context.terminal.line(`        Total Blob Count:  ${blobs}`)
        context.terminal.line(`              Total Size:  ${describeBytes(bytes)}`)
        return 0
      }),
    )
}

function printStored(
  { terminal }: CommandContext,
  size: StoredSize,
  snapshots: number,
  version: 1 | 2,
): void {
  const { blobs, bytes, uncompressedBytes, compressed } = size
  const progress = (compressed.uncompressedBytes / uncompressedBytes) * 100
  const saving = (1 - bytes / uncompressedBytes) * 100
  const ratio = compressed.uncompressedBytes / compressed.bytes
  terminal.json({
    total_size: bytes,
    ...(version === 2 && bytes > 0 ? { total_uncompressed_size: uncompressedBytes } : {}),
    ...(compressed.bytes > 0
      ? { compression_ratio: ratio, compression_progress: progress, compression_space_saving: saving }
      : {}),
    total_blob_count: blobs,
    snapshots_count: snapshots,
  })
  terminal.line(`        Total Blob Count:  ${blobs}`)
  if (compressed.bytes > 0) {
    terminal.line(` Total Uncompressed Size:  ${describeBytes(uncompressedBytes)}`)
    terminal.line(`    Compression Progress:  ${progress.toFixed(2)}%`)
    terminal.line(`       Compression Ratio:  ${ratio.toFixed(2)}x`)
    terminal.line(`Compression Space Saving:  ${saving.toFixed(2)}%`)
  }
  terminal.line(`              Total Size:  ${describeBytes(bytes)}`)
}
