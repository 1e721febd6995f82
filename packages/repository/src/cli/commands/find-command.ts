import type { Command } from 'commander'
import { findItems } from '../../operations/find/find-items.ts'
import {
  blobsInPacks,
  expandBlobIds,
  findObjects,
  type ObjectQuery,
} from '../../operations/find/find-objects.ts'
import type { TreeEntry } from '../../operations/list/walk-tree.ts'
import { namedOrFiltered } from '../../operations/snapshots/select-snapshots.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import type { CommandContext, WithContext } from '../command-context.ts'
import { describeEntry, type LineFlags, matchJson } from '../entry-lines.ts'
import { collect } from '../global-options.ts'
import { ignoring } from '../ignoring.ts'
import { shortId } from '../snapshot-json.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'
import { localTime, parseLocalTime } from '../terminal/local-time.ts'
import { UsageError } from '../usage-error.ts'

interface FindFlags extends SnapshotFlags, LineFlags {
  readonly ignoreCase?: boolean
  readonly oldest?: string
  readonly newest?: string
  readonly reverse?: boolean
  readonly snapshot?: readonly string[]
  readonly blob?: boolean
  readonly tree?: boolean
  readonly pack?: boolean
  readonly showPackId?: boolean
}

export function addFindCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('find'))
    .description('find files, or where blobs are needed')
    .argument('<patterns...>')
    .option('-i, --ignore-case', 'whatever the case of letters')
    .option('-l, --long', 'shows mode, owner, size and time')
    .option('--human-readable', 'shows sizes in KiB, MiB and so on')
    .option('-O, --oldest <time>', 'changed at this time or later')
    .option('-N, --newest <time>', 'changed at this time or earlier')
    .option('-R, --reverse', 'begins with the oldest snapshot')
    .option('-s, --snapshot <id>', 'looks in this snapshot; repeatable', collect)
    .option('--blob', 'the patterns are beginnings of data blobs’ IDs')
    .option('--tree', 'the patterns are beginnings of trees’ IDs')
    .option('--pack', 'the patterns are beginnings of packs’ IDs')
    .option('--show-pack-id', 'with --blob, --tree or --pack: says which packs hold the blobs')
    .action(
      withContext(async (context, patterns: string[], flags: FindFlags) => {
        const repository = await context.repository()
        await using _lock = await context.readLock(repository)
        await repository.loadIndex()
        const filter = filterOf(flags, context.surroundings.environment)
        const found = await namedOrFiltered(repository, flags.snapshot ?? [], filter, ignoring(context))
        const snapshots = flags.reverse ? found : found.toReversed()
        if (flags.blob || flags.tree || flags.pack) {
          const query = await objectQuery(repository, patterns, flags)
          await printObjects(context, repository, snapshots, query)
          if (flags.showPackId) printPacks(context, repository, query)
        } else await printItems(context, repository, snapshots, patterns, flags)
        return 0
      }),
    )
}

async function printItems(
  context: CommandContext,
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  patterns: readonly string[],
  flags: FindFlags,
): Promise<void> {
  const oldest = timeBound(flags.oldest)
  const newest = timeBound(flags.newest)
  const options = {
    patterns,
    ignoreCase: flags.ignoreCase ?? false,
    signal: context.surroundings.signal,
    ...(oldest === undefined ? {} : { oldest }),
    ...(newest === undefined ? {} : { newest }),
  }
  const results: unknown[] = []
  for (const stored of snapshots) {
    const entries: TreeEntry[] = await Array.fromAsync(findItems(repository, stored, options))
    if (entries.length === 0) continue
    results.push({ matches: entries.map(matchJson), hits: entries.length, snapshot: stored.id })
    const time = localTime(stored.snapshot.time)
    context.terminal.line(`Found matching entries in snapshot ${shortId(stored.id)} from ${time}`)
    for (const entry of entries) context.terminal.line(describeEntry(entry, flags))
    context.terminal.line()
  }
  context.terminal.json(results)
}

async function printObjects(
  context: CommandContext,
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  query: ObjectQuery,
): Promise<void> {
  const results: unknown[] = []
  for (const stored of snapshots) {
    for await (const { type, id, path, snapshotId, time, parentTree } of findObjects(
      repository,
      stored,
      query,
      context.surroundings.signal,
    )) {
      results.push({
        object_type: type === 'data' ? 'blob' : 'tree',
        ...{ id, path, parent_tree: parentTree, snapshot: snapshotId, time },
      })
      context.terminal.line(`Found ${type === 'data' ? 'blob' : 'tree'} ${id}`)
      context.terminal.line(` ... ${type === 'data' ? 'in file' : 'path'} ${path}`)
      if (parentTree) context.terminal.line(`     (tree ${parentTree})`)
      context.terminal.line(` ... in snapshot ${shortId(snapshotId)} (${localTime(time)})`)
    }
  }
  context.terminal.json(results)
}

/** In text only: restic's JSON has no place for it. */
function printPacks({ terminal }: CommandContext, { index }: Repository, query: ObjectQuery): void {
  for (const [type, ids] of [
    ['data', query.dataBlobs],
    ['tree', query.treeBlobs],
  ] as const) {
    for (const location of ids.values().flatMap((id) => index.getAll(type, id))) {
      const { id, packId, offset, lengthBytes, uncompressedBytes } = location
      const plain = uncompressedBytes ?? 0
      terminal.line(`Object belongs to pack ${packId}`)
      terminal.line(
        ` ... Pack ${shortId(packId)}: <Blob (${type}) ${shortId(id)}, offset ${offset}, length ${lengthBytes}, uncompressed length ${plain}>`,
      )
    }
  }
}

async function objectQuery(
  repository: Repository,
  prefixes: readonly string[],
  flags: FindFlags,
): Promise<ObjectQuery> {
  if (flags.pack) return blobsInPacks(repository, prefixes)
  return {
    dataBlobs: flags.blob ? expandBlobIds(repository, 'data', prefixes) : new Set(),
    treeBlobs: flags.tree ? expandBlobIds(repository, 'tree', prefixes) : new Set(),
  }
}

function timeBound(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const time = parseLocalTime(text)
  if (time === undefined) throw new UsageError(`${text} is no time like 2012-11-01 22:08:41`)
  return time
}
