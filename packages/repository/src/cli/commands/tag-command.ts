import type { Command } from 'commander'
import { namedOrFiltered } from '../../operations/snapshots/select-snapshots.ts'
import { type TagChange, tagSnapshots } from '../../operations/tag/tag-snapshots.ts'
import type { WithContext } from '../command-context.ts'
import { collect } from '../global-options.ts'
import { ignoring } from '../ignoring.ts'
import { addSnapshotOptions, filterOf, flattenTags, type SnapshotFlags } from '../snapshot-options.ts'
import { UsageError } from '../usage-error.ts'

interface TagFlags extends SnapshotFlags {
  readonly set?: readonly string[]
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

export function addTagCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('tag'))
    .description('change the tags of snapshots')
    .argument('[snapshotIDs...]')
    .option('--set <tags>', 'replaces all tags; repeatable', collect)
    .option('--add <tags>', 'adds tags; repeatable', collect)
    .option('--remove <tags>', 'removes tags; repeatable', collect)
    .action(
      withContext(async (context, ids: string[], flags: TagFlags) => {
        const change = changeOf(flags)
        const repository = await context.repository()
        const filter = filterOf(flags, context.surroundings.environment)
        const snapshots = await namedOrFiltered(repository, ids, filter, ignoring(context))
        const changed = await tagSnapshots(repository, snapshots, change, context.upkeep)
        for (const { oldId, newId } of changed) {
          context.terminal.json({ message_type: 'changed', old_snapshot_id: oldId, new_snapshot_id: newId })
        }
        context.terminal.json({ message_type: 'summary', changed_snapshots: changed.length })
        context.terminal.line(`modified ${changed.length} snapshots`)
        return 0
      }),
    )
}

function changeOf({ set, add, remove }: TagFlags): TagChange {
  if (!set && !add && !remove) throw new UsageError('nothing to do: give --set, --add or --remove')
  if (set && (add || remove)) throw new UsageError('--set replaces all tags, and excludes --add and --remove')
  return set ? { set: flattenTags(set) } : { add: flattenTags(add), remove: flattenTags(remove) }
}
