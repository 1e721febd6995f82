import { type Command, Option } from 'commander'
import type { PruneOptions, PruneResult } from '../operations/prune/prune.ts'
import type { BlobTotals, UnusedLimit } from '../operations/prune/prune-plan.ts'
import { parseSize } from './global-options.ts'
import { describeBytes } from './terminal/describe-bytes.ts'
import type { Terminal } from './terminal/terminal.ts'
import { UsageError } from './usage-error.ts'

/** What `prune` and `forget --prune` take. */
export interface PruneFlags {
  readonly maxUnused: string
  readonly maxRepackSize?: number
  readonly repackUncompressed?: boolean
  readonly repackSmallerThan?: number
  readonly repackCacheableOnly?: boolean
  readonly unsafeRecoverNoFreeSpace?: string
  readonly dryRun?: boolean
}

export function addPruneOptions(command: Command): Command {
  return command
    .option('--max-unused <limit>', 'lets so much unused data stay: 5%, 100M, 0 or unlimited', '5%')
    .option('--max-repack-size <size>', 'repacks no more than this', parseSize)
    .option('--repack-uncompressed', 'compresses what was stored without compression')
    .option('--repack-smaller-than <size>', 'puts packs below this size together', parseSize)
    .option('--repack-cacheable-only', 'repacks packs with folders only')
    .option('--repack-small', 'accepted for restic’s sake: small packs are put together anyway')
    .addOption(new Option('--unsafe-recover-no-free-space <repository ID>').hideHelp())
    .option('-n, --dry-run', 'says what would be done')
}

/** @throws {UsageError} */
export function pruneOptionsOf(flags: PruneFlags): PruneOptions {
  // It would remove all indexes before the new ones are stored.
  if (flags.unsafeRecoverNoFreeSpace !== undefined)
    throw new UsageError(
      '--unsafe-recover-no-free-space is not done here, as a run that dies in between leaves no index: make room with `prune --max-repack-size 0`, which stores nothing but small index files, or with `unlock` and `forget` first',
    )
  return {
    maxUnused: parseUnused(flags.maxUnused),
    ...(flags.maxRepackSize === undefined ? {} : { maxRepackBytes: flags.maxRepackSize }),
    repackUncompressed: flags.repackUncompressed ?? false,
    ...(flags.repackSmallerThan === undefined ? {} : { repackSmallerThanBytes: flags.repackSmallerThan }),
    repackTreesOnly: flags.repackCacheableOnly ?? false,
    dryRun: flags.dryRun ?? false,
  }
}

function parseUnused(text: string): UnusedLimit {
  if (text === 'unlimited') return 'unlimited'
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? []
  if (percent !== undefined && Number(percent) < 100) return { share: Number(percent) / 100 }
  if (!/^\d+[bkmgt]?$/i.test(text)) throw new UsageError(`${text} is no limit like 5%, 100M or unlimited`)
  return { bytes: parseSize(text) }
}

/** Says what a prune has done, in numbers. */
export function printPruned(terminal: Terminal, { totals, unreferencedPacks, ...result }: PruneResult): void {
  const { used, unused, repacked, removedByRepacking, removed } = totals
  const gone = sum(removedByRepacking, removed)
  const remaining = sum(used, { blobs: unused.blobs - gone.blobs, bytes: unused.bytes - gone.bytes })
  terminal.json({
    message_type: 'summary',
    packs_repacked: result.packsRepacked,
    packs_removed: result.packsRemoved,
    unreferenced_packs_removed: unreferencedPacks.packs,
    repacked,
    removed_by_repacking: removedByRepacking,
    removed,
    unreferenced_bytes: unreferencedPacks.bytes,
    remaining,
  })
  const show = ({ blobs, bytes }: BlobTotals) =>
    `${blobs.toString().padStart(10)} blobs / ${describeBytes(bytes)}`
  if (unreferencedPacks.packs > 0) {
    terminal.line(
      `unreferenced packs: ${unreferencedPacks.packs} / ${describeBytes(unreferencedPacks.bytes)}`,
    )
  }
  terminal.line(`to repack:    ${show(repacked)}`)
  terminal.line(`this removes: ${show(removedByRepacking)}`)
  terminal.line(`to delete:    ${show(removed)}`)
  terminal.line(`total prune:  ${show(gone)}`)
  terminal.line(`remaining:    ${show(remaining)}`)
}

function sum(a: BlobTotals, b: BlobTotals): BlobTotals {
  return { blobs: a.blobs + b.blobs, bytes: a.bytes + b.bytes }
}
