import type { Command } from 'commander'
import { newSetupLink } from '../access/access.ts'
import { appendAuditEntry } from '../audit/audit.ts'
import { systemClock } from '../platform/clock.ts'
import { byCommandLine } from './by-command-line.ts'
import { openForCommand } from './open-for-command.ts'

export function addAdminCommands(program: Command): void {
  const admin = program.command('admin').description('Administrators of the server.')
  admin
    .command('reset')
    .description('Print a one-time link that sets an administrator’s password; good for 24 hours.')
    .option('--json', 'answer in JSON')
    .action(async (options: { json?: boolean }) => {
      await using granary = await openForCommand()
      const link = await newSetupLink({ ...granary, clock: systemClock })
      await granary.database.transaction((transaction) =>
        appendAuditEntry(transaction, {
          ...byCommandLine(systemClock.now()),
          event: 'administrator.reset-link-made',
          targetId: null,
          targetName: '',
          details: {},
        }),
      )
      const url = `${granary.publicUrl}${link}`
      console.log(options.json ? JSON.stringify({ url }) : url)
    })
}
