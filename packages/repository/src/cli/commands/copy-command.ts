import type { Command } from 'commander'
import { copySnapshots } from '../../operations/copy/copy.ts'
import { namedOrFiltered } from '../../operations/snapshots/select-snapshots.ts'
import { addFromOptions, type FromOptions, type WithContext } from '../command-context.ts'
import { ignoring } from '../ignoring.ts'
import { shortId } from '../snapshot-json.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'

export function addCopyCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(addFromOptions(program.command('copy')))
    .description('copy snapshots from another repository')
    .argument('[snapshotIDs...]')
    .action(
      withContext(async (context, ids: string[], flags: SnapshotFlags & FromOptions) => {
        const target = await context.repository()
        const source = await context.fromRepository(flags)
        const filter = filterOf(flags, context.surroundings.environment)
        const snapshots = await namedOrFiltered(source, ids, filter, ignoring(context))
        const { terminal } = context
        const copied = await copySnapshots(source, target, {
          ...context.upkeep,
          snapshots,
          noSourceLock: !context.options.lock,
          onSnapshot: ({ sourceId, id, wasThere }) =>
            terminal.line(
              `snapshot ${shortId(sourceId)} ${wasThere ? 'was already copied to' : 'copied to'} ${shortId(id)}`,
            ),
        })
        for (const { sourceId, id, wasThere } of copied) {
          terminal.json({
            message_type: 'copied',
            source_snapshot_id: sourceId,
            snapshot_id: id,
            was_there: wasThere,
          })
        }
        return 0
      }),
    )
}
