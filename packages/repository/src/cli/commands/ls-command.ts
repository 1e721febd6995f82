import { type Command, Option } from 'commander'
import { findSubtree } from '../../operations/find-subtree.ts'
import { type TreeEntry, TreeReader, walkTree } from '../../operations/list/walk-tree.ts'
import { type FoundSnapshot, findSnapshot } from '../../operations/snapshots/select-snapshots.ts'
import type { WithContext } from '../command-context.ts'
import { describeEntry, entryJson, type LineFlags } from '../entry-lines.ts'
import { NcduListing } from '../ncdu-listing.ts'
import { shortId, snapshotJson } from '../snapshot-json.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'
import { type SortMode, sortEntries, sortModes } from '../sort-entries.ts'
import { localTime } from '../terminal/local-time.ts'
import { UsageError } from '../usage-error.ts'

interface LsFlags extends SnapshotFlags, LineFlags {
  readonly recursive?: boolean
  readonly sort?: SortMode
  readonly reverse?: boolean
  readonly ncdu?: boolean
}

export function addLsCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('ls'))
    .description('list the files of a snapshot')
    .argument('<snapshotID>', 'an ID, or latest; with :folder for a part of it')
    .argument('[folders...]', 'only what is in these folders')
    .option('-l, --long', 'shows mode, owner, size and time')
    .option('--human-readable', 'shows sizes in KiB, MiB and so on')
    .option('--recursive', 'with folders: what is below them too')
    .addOption(new Option('-s, --sort <mode>', 'sorts the list').choices(sortModes))
    .option('--reverse', 'sorts it the other way round')
    .option('--ncdu', 'prints what `ncdu -f -` reads')
    .action(
      withContext(async (context, reference: string, folders: string[], flags: LsFlags) => {
        const relative = folders.find((folder) => !folder.startsWith('/'))
        if (relative !== undefined)
          throw new UsageError(`folders must begin with a slash, unlike ${relative}`)
        const isSorted = flags.sort !== undefined || flags.reverse === true
        if (flags.ncdu && (isSorted || context.terminal.isJson))
          throw new UsageError(
            '--ncdu has an order and a form of its own: leave --sort, --reverse and --json out',
          )
        const repository = await context.repository()
        await using _lock = await context.readLock(repository)
        const found = await findSnapshot(
          repository,
          reference,
          filterOf(flags, context.surroundings.environment),
        )
        await repository.loadIndex()
        const tree = await findSubtree(repository, found.snapshot.tree, found.subfolder)
        const wanted = folders.map((folder) => folder.replace(/(?<=.)\/+$/, ''))
        const enter = ({ path }: TreeEntry) => leadsTo(path, wanted) || isListed(`${path}/`, wanted, flags)
        const reader = new TreeReader(repository, context.surroundings.signal)
        const entries = walkTree(reader, tree, '/', enter)
        if (flags.ncdu) {
          const listing = new NcduListing()
          context.terminal.raw(listing.begin(found, tree))
          for await (const entry of entries) {
            // Folders on the way hold the listed ones.
            if (leadsTo(entry.path, wanted) || isListed(entry.path, wanted, flags))
              context.terminal.raw(listing.entry(entry))
          }
          context.terminal.raw(listing.end())
          return 0
        }
        context.terminal.json({
          ...snapshotJson(found),
          tree,
          message_type: 'snapshot',
          struct_type: 'snapshot',
        })
        context.terminal.remark(announce(found, folders))
        const print = (entry: TreeEntry) => {
          context.terminal.json(entryJson(entry))
          context.terminal.line(describeEntry(entry, flags))
        }
        const collected: TreeEntry[] = []
        for await (const entry of entries) {
          if (!isListed(entry.path, wanted, flags)) continue
          if (isSorted) collected.push(entry)
          else print(entry)
        }
        for (const entry of sortEntries(collected, flags.sort ?? 'name', flags.reverse ?? false)) print(entry)
        return 0
      }),
    )
}

function announce({ id, snapshot }: FoundSnapshot, folders: readonly string[]): string {
  const whose = `${snapshot.username ?? ''}@${snapshot.hostname ?? ''}`
  const paths = snapshot.paths.join(' ')
  return `snapshot ${shortId(id)} of [${paths}] at ${localTime(snapshot.time)} by ${whose} filtered by [${folders.join(' ')}]:`
}

/** Whether a folder has to be gone through to get to one that is wanted. */
function leadsTo(path: string, wanted: readonly string[]): boolean {
  return wanted.some((folder) => folder === path || folder.startsWith(`${path}/`))
}

/** Without folders, everything is listed; with some, they and what lies directly in them. */
function isListed(path: string, wanted: readonly string[], { recursive = false }: LsFlags): boolean {
  if (wanted.length === 0) return true
  return wanted.some((folder) => {
    if (path === folder) return true
    const prefix = folder === '/' ? '/' : `${folder}/`
    return path.startsWith(prefix) && (recursive || !path.slice(prefix.length).includes('/'))
  })
}
