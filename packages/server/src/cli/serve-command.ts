import type { Command } from 'commander'
import { firstSetupLink, forgetOldAttempts } from '../access/access.ts'
import { readConfig } from '../config.ts'
import { ensureDefaults } from '../customers/customers.ts'
import { systemClock } from '../platform/clock.ts'

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Run the server until it is told to stop (SIGTERM or Ctrl+C).')
    .action(async () => {
      const { serve } = await import('../serve.ts')
      await serve(readConfig(process.env), {
        async prepare({ database }) {
          await ensureDefaults(database, systemClock)
          await forgetOldAttempts(database.queries, systemClock.now())
        },
        async announce(url, { database, serverKey }) {
          console.log(`Granary is listening on ${url}`)
          const link = await firstSetupLink({ database, serverKey, clock: systemClock })
          if (link !== null) {
            console.log(`Set the first administrator’s password within 24 hours, once: ${url}${link}`)
          }
        },
      })
    })
}
