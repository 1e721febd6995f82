import path from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { lockDataFolder } from '../platform/data-folder-lock.ts'
import { aboutStrangeVaults, reconcile, strangeVaults } from '../scrub/scrub.ts'
import { restoreServerBackup, writeServerBackup } from '../server-backup/server-backup.ts'
import { openForCommand } from './open-for-command.ts'
import { openScrubParts } from './open-scrub-parts.ts'

export function addServerBackupCommands(program: Command): void {
  program
    .command('backup-server')
    .description('Back up database and key now, as happens once a day; the server may run meanwhile.')
    .action(async () => {
      console.log(await writeServerBackup(readConfig(process.env), systemClock.now()))
    })
  program
    .command('restore-server')
    .argument('<backup>', 'folder of the backup, as backup-server printed it')
    .description('Restore database and key, then take up what was stored since; the server must not run.')
    .addHelpText('after', '\nOn PostgreSQL, DATABASE_URL has to name an empty database.')
    .action(async (backup: string) => {
      const config = readConfig(process.env)
      using _lock = lockDataFolder(config.dataFolder)
      await restoreServerBackup(config, path.resolve(backup), systemClock.now())
      await using granary = await openForCommand()
      const parts = await openScrubParts(config, granary, 'restore')
      let differences = 0
      let lost = 0
      let strange: string[] = []
      try {
        for await (const { clientId, what, outcome, trouble } of reconcile(parts, {
          repair: true,
          settledAfterMs: 0,
        })) {
          if (outcome === 'no good copy') lost += 1
          else if (trouble === undefined) differences += 1
          else console.error(`${clientId}: ${what} refused by the disk: ${String(trouble)}`)
        }
        strange = await strangeVaults(granary.database, parts.store)
      } finally {
        await parts.store.close()
      }
      if (strange.length > 0) console.log(aboutStrangeVaults(strange, parts.store.location))
      if (lost > 0)
        console.log(
          `${lost} objects that the backup knows of are gone, purged since or lost, and have no good copy. The console lists them under Damaged Objects.`,
        )
      console.log(
        `Restored. ${differences} differences to the object store were put right. Start the server now.`,
      )
    })
}
