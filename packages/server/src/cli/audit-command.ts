import type { Command } from 'commander'
import { verifyAuditLog } from '../audit/audit.ts'
import { openForCommand } from './open-for-command.ts'

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('The audit log.')
  audit
    .command('verify')
    .description('Recompute the chain of hashes and say whether any entry was changed or removed.')
    .option('--json', 'answer in JSON')
    .action(async (options: { json?: boolean }) => {
      await using granary = await openForCommand()
      const verdict = await verifyAuditLog(granary.database)
      if (options.json) console.log(JSON.stringify(verdict))
      else if (verdict.intact) {
        const older =
          verdict.prunedEntries > 0
            ? ` ${verdict.prunedEntries} older ones were removed by the retention of logs.`
            : ''
        console.log(`The audit log is intact: ${verdict.entries} entries.${older}`)
      }
      if (!verdict.intact) {
        const place = verdict.brokenAt === null ? 'at its end' : `at entry ${verdict.brokenAt}`
        throw new Error(`The audit log is broken ${place}. ${verdict.reason.message}`)
      }
    })
}
