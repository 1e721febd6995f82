import type { Command } from 'commander'
import { unlock } from '../../operations/unlock/unlock.ts'
import type { WithContext } from '../command-context.ts'

export function addUnlockCommand(program: Command, withContext: WithContext): void {
  program
    .command('unlock')
    .description('remove the locks of runs that are gone')
    .option('--remove-all', 'removes all locks, those of runs at work too')
    .action(
      withContext(async (context, flags: { removeAll?: boolean }) => {
        const removed = await unlock(await context.repository(), flags)
        context.terminal.line(`successfully removed ${removed} locks`)
        return 0
      }),
    )
}
