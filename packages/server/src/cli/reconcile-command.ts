import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { tryLockDataFolder } from '../platform/data-folder-lock.ts'
import { aboutStrangeVaults, type Difference, reconcile, strangeVaults } from '../scrub/scrub.ts'
import { openForCommand } from './open-for-command.ts'
import { openScrubParts } from './open-scrub-parts.ts'

/** While the server runs, a file younger than this may belong to an upload under way. */
const settledAfterMs = 10 * 60_000

export function addReconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .description('Compare the ledger with the object store, both ways; the server may run meanwhile.')
    .option('--repair', 'heal what is missing, ledger what lies there whole, correct accounts')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nEnds with 1 when something differs and was not repaired.')
    .action(async (options: { repair?: boolean; json?: boolean }) => {
      await using granary = await openForCommand()
      const config = readConfig(process.env)
      using lock = tryLockDataFolder(config.dataFolder)
      const settled = { settledAfterMs: lock.isHeld ? 0 : settledAfterMs }
      const parts = await openScrubParts(config, granary, 'reconcile')
      const differences: Difference[] = []
      let strange: string[] = []
      try {
        for await (const found of reconcile(parts, { repair: options.repair ?? false, ...settled })) {
          differences.push(found)
          if (!options.json) console.log(lineFor(found))
        }
        strange = await strangeVaults(granary.database, parts.store)
      } finally {
        await parts.store.close()
      }
      const left = differences.filter(({ outcome }) => outcome === 'found' || outcome === 'no good copy')
      const refused = differences.filter(({ kind }) => kind === 'refused')
      if (options.json) {
        const told = differences.map(({ trouble, ...rest }) =>
          trouble === undefined ? rest : { ...rest, trouble: String(trouble) },
        )
        console.log(JSON.stringify({ differences: told, strangeVaults: strange }))
      }
      if (differences.length === 0 && !options.json) console.log('Ledger and object store agree.')
      if (strange.length > 0 && !options.json) console.log(aboutStrangeVaults(strange, parts.store.location))
      if (left.length === 0) return
      if (refused.length === left.length)
        throw new Error(`The disk refused ${refused.length} times. Look after it, then compare again.`)
      throw new Error(
        options.repair
          ? `${left.length} objects are missing and have no good copy. Set GRANARY_COPIES to where there are some.`
          : `${left.length} differences. Add --repair to put right what can be.`,
      )
    })
}

function lineFor({ clientId, what, kind, outcome, trouble }: Difference): string {
  if (trouble !== undefined) return `${clientId}: ${what} refused by the disk: ${String(trouble)}`
  return `${clientId}: ${what} ${kind.replace('-', ' ')}, ${outcome}`
}
