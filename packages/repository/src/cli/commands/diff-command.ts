import type { Command } from 'commander'
import { type DiffTotals, diffTrees } from '../../operations/diff/diff-snapshots.ts'
import { findSubtree } from '../../operations/find-subtree.ts'
import { findSnapshot } from '../../operations/snapshots/select-snapshots.ts'
import type { WithContext } from '../command-context.ts'
import { shortId } from '../snapshot-json.ts'
import { describeBytes } from '../terminal/describe-bytes.ts'

export function addDiffCommand(program: Command, withContext: WithContext): void {
  program
    .command('diff')
    .description('show what differs between two snapshots: + added, - removed, M content, T type, U metadata')
    .argument('<snapshotA>', 'an ID, or latest; with :folder for a part of it')
    .argument('<snapshotB>')
    .option('--metadata', 'shows changes of metadata too')
    .action(
      withContext(async (context, referenceA: string, referenceB: string, flags: { metadata?: boolean }) => {
        const repository = await context.repository()
        await using _lock = await context.readLock(repository)
        const a = await findSnapshot(repository, referenceA)
        const b = await findSnapshot(repository, referenceB)
        await repository.loadIndex()
        const treeA = await findSubtree(repository, a.snapshot.tree, a.subfolder)
        const treeB = await findSubtree(repository, b.snapshot.tree, b.subfolder)
        const { terminal } = context
        terminal.remark(`comparing snapshot ${shortId(a.id)} to ${shortId(b.id)}:\n`)
        const result = await diffTrees(repository, treeA, treeB, {
          metadata: flags.metadata ?? false,
          signal: context.surroundings.signal,
          onDifference: ({ path, modifier }) => {
            terminal.json({ message_type: 'change', path, modifier })
            terminal.line(`${modifier.padEnd(5)}${path}`)
          },
        })
        terminal.json({
          message_type: 'statistics',
          source_snapshot: a.id,
          target_snapshot: b.id,
          changed_files: result.changedFiles,
          added: totalsJson(result.added),
          removed: totalsJson(result.removed),
        })
        const { added, removed } = result
        terminal.line()
        terminal.line(
          `Files:       ${counts(added.files, removed.files)}, ${result.changedFiles.toString().padStart(5)} changed`,
        )
        terminal.line(`Dirs:        ${counts(added.dirs, removed.dirs)}`)
        terminal.line(`Others:      ${counts(added.others, removed.others)}`)
        terminal.line(`Data Blobs:  ${counts(added.dataBlobs, removed.dataBlobs)}`)
        terminal.line(`Tree Blobs:  ${counts(added.treeBlobs, removed.treeBlobs)}`)
        terminal.line(`  Added:   ${describeBytes(added.bytes)}`)
        terminal.line(`  Removed: ${describeBytes(removed.bytes)}`)
        return 0
      }),
    )
}

function counts(added: number, removed: number): string {
  return `${added.toString().padStart(5)} new, ${removed.toString().padStart(5)} removed`
}

function totalsJson({ files, dirs, others, dataBlobs, treeBlobs, bytes }: DiffTotals) {
  return { files, dirs, others, data_blobs: dataBlobs, tree_blobs: treeBlobs, bytes }
}
