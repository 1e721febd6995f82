import type { Command } from 'commander'
import { repairIndex } from '../../operations/repair/repair-index.ts'
import { repairPacks } from '../../operations/repair/repair-packs.ts'
import { repairSnapshots } from '../../operations/repair/repair-snapshots.ts'
import { namedOrFiltered } from '../../operations/snapshots/select-snapshots.ts'
import type { WithContext } from '../command-context.ts'
import { ignoring } from '../ignoring.ts'
import { shortId } from '../snapshot-json.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'

interface RepairSnapshotsFlags extends SnapshotFlags {
  readonly forget?: boolean
  readonly dryRun?: boolean
}

export function addRepairCommand(program: Command, withContext: WithContext): void {
  const repair = program.command('repair').description('bring a damaged repository back into use')
  addIndexCommand(repair, withContext)
  addPacksCommand(repair, withContext)
  addSnapshotsCommand(repair, withContext)
}

function addIndexCommand(repair: Command, withContext: WithContext): void {
  repair
    .command('index')
    .description('make the index anew from the packs that are there')
    .option('--read-all-packs', 'trusts no index')
    .action(
      withContext(async (context, flags: { readAllPacks?: boolean }) => {
        const { terminal } = context
        const result = await repairIndex(await context.repository(), { ...context.upkeep, ...flags })
        terminal.json({
          message_type: 'summary',
          packs: result.packs,
          packs_read: result.packsRead,
          packs_missing: result.packsMissing,
          packs_damaged: result.packsDamaged,
          index_files_removed: result.indexFilesRemoved,
        })
        terminal.line(
          result.indexFilesRemoved === 0 && result.packsRead === 0
            ? 'the index is as it should be'
            : `the index was made anew: ${result.packs} packs, ${result.packsRead} of them read`,
        )
        for (const packId of result.packsMissing) terminal.line(`data/${packId} was listed, and is missing`)
        for (const packId of result.packsDamaged)
          terminal.line(`data/${packId} can't be read, and is left out`)
        return result.packsDamaged.length > 0 ? 1 : 0
      }),
    )
}

function addPacksCommand(repair: Command, withContext: WithContext): void {
  repair
    .command('packs')
    .description('save what is intact in damaged packs, and remove them')
    .argument('<packIDs...>')
    .action(
      withContext(async (context, packIds: string[]) => {
        const { terminal } = context
        const result = await repairPacks(await context.repository(), packIds, context.upkeep)
        const { blobsSaved, blobsLost } = result
        terminal.json({ message_type: 'summary', blobs_saved: blobsSaved, blobs_lost: blobsLost.length })
        for (const blob of blobsLost) terminal.line(`the ${blob.type} blob ${blob.id} is lost`)
        terminal.line(`saved ${blobsSaved} blobs, lost ${blobsLost.length}`)
        if (blobsLost.length > 0) terminal.line('run `repair snapshots` next')
        return 0
      }),
    )
}

function addSnapshotsCommand(repair: Command, withContext: WithContext): void {
  addSnapshotOptions(repair.command('snapshots'))
    .description('take what is lost out of snapshots, so that the rest can be restored')
    .argument('[snapshotIDs...]')
    .option('--forget', 'removes the damaged snapshots')
    .option('-n, --dry-run', 'says what would be done')
    .action(
      withContext(async (context, ids: string[], flags: RepairSnapshotsFlags) => {
        const { terminal } = context
        const repository = await context.repository()
        const filter = filterOf(flags, context.surroundings.environment)
        const snapshots = await namedOrFiltered(repository, ids, filter, ignoring(context))
        const repaired = await repairSnapshots(repository, { ...context.upkeep, ...flags, snapshots })
        for (const { id, repairedId } of repaired) {
          terminal.json({
            message_type: 'repaired',
            old_snapshot_id: id,
            new_snapshot_id: repairedId ?? null,
          })
          terminal.line(
            `snapshot ${shortId(id)}: ${repairedId ? `repaired as ${shortId(repairedId)}` : 'damaged'}`,
          )
        }
        terminal.json({ message_type: 'summary', repaired_snapshots: repaired.length })
        terminal.line(
          repaired.length === 0 ? 'no snapshot is damaged' : `${repaired.length} snapshots were damaged`,
        )
        return 0
      }),
    )
}
