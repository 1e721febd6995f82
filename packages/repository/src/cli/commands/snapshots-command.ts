import type { Command } from 'commander'
import { groupSnapshots, type SnapshotGroup } from '../../operations/snapshots/group-snapshots.ts'
import { namedOrFiltered } from '../../operations/snapshots/select-snapshots.ts'
import type { WithContext } from '../command-context.ts'
import { parsePositive } from '../global-options.ts'
import { ignoring } from '../ignoring.ts'
import { listJson, snapshotJson } from '../snapshot-json.ts'
import { addSnapshotOptions, filterOf, parseGroupBy, type SnapshotFlags } from '../snapshot-options.ts'
import { drawSnapshots } from '../snapshot-table.ts'

interface SnapshotsFlags extends SnapshotFlags {
  readonly compact?: boolean
  readonly latest?: number
  readonly groupBy?: string
}

export function addSnapshotsCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('snapshots'))
    .description('list snapshots')
    .argument('[snapshotIDs...]')
    .option('-c, --compact', 'leaves the paths out')
    .option('--latest <n>', 'the newest of each host and paths', parsePositive)
    .option('-g, --group-by <group>', 'host, paths and tags, separated by commas')
    .action(
      withContext(async (context, ids: string[], flags: SnapshotsFlags) => {
        const repository = await context.repository()
        await using _lock = await context.readLock(repository)
        const filter = filterOf(flags, context.surroundings.environment)
        const found = await namedOrFiltered(repository, ids, filter, ignoring(context))
        const shown = flags.latest === undefined ? found : latestOfGroups(found, flags.latest)
        if (flags.groupBy === undefined) {
          context.terminal.json(shown.map(snapshotJson))
          context.terminal.line(
            drawSnapshots(
              shown.map((stored) => ({ stored })),
              flags,
            ),
          )
          return 0
        }
        const keys = parseGroupBy(flags.groupBy)
        const groups = groupSnapshots(shown, keys)
        context.terminal.json(groups.map((group) => groupJson(group)))
        for (const group of groups) {
          context.terminal.line(`snapshots for (${describeGroup(group)}):`)
          context.terminal.line(
            drawSnapshots(
              group.snapshots.map((stored) => ({ stored })),
              flags,
            ),
          )
        }
        return 0
      }),
    )
}

function latestOfGroups(snapshots: Parameters<typeof groupSnapshots>[0], count: number) {
  const kept = new Set(groupSnapshots(snapshots).flatMap((group) => group.snapshots.slice(-count)))
  return snapshots.filter((stored) => kept.has(stored))
}

function groupJson({ host, paths, tags, snapshots }: SnapshotGroup) {
  const group_key = { hostname: host, paths: listJson(paths), tags: listJson(tags) }
  return { group_key, snapshots: snapshots.map(snapshotJson) }
}

/** What a group has in common. */
export function describeGroup({ host, paths, tags }: SnapshotGroup): string {
  const parts = [
    ...(host ? [`host [${host}]`] : []),
    ...(paths.length > 0 ? [`paths [${paths.join(', ')}]`] : []),
    ...(tags.length > 0 ? [`tags [${tags.join(', ')}]`] : []),
  ]
  return parts.join(', ')
}
