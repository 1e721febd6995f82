import type { Command } from 'commander'
import { prune } from '../../operations/prune/prune.ts'
import type { WithContext } from '../command-context.ts'
import { addPruneOptions, type PruneFlags, printPruned, pruneOptionsOf } from '../prune-options.ts'

export function addPruneCommand(program: Command, withContext: WithContext): void {
  addPruneOptions(program.command('prune'))
    .description('remove what no snapshot needs')
    .action(
      withContext(async (context, flags: PruneFlags) => {
        const repository = await context.repository()
        const result = await prune(repository, { ...context.upkeep, ...pruneOptionsOf(flags) })
        printPruned(context.terminal, result)
        return 0
      }),
    )
}
