import { LocalCopies, type VaultStore } from '@granary/object-store'
import type { Config } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { openLog } from '../platform/log.ts'
import type { ScrubParts } from '../scrub/scrub.ts'
import { openStorage } from '../storage/storage.ts'
import type { OpenGranary } from './open-for-command.ts'

/**
 * What a command needs to read again, compare or heal what is stored. Its store has to be closed.
 * @param command names the process among those that use the store
 * @throws as {@link openStorage} does
 */
export async function openScrubParts(
  config: Config,
  granary: OpenGranary,
  command: string,
): Promise<ScrubParts & { readonly store: VaultStore }> {
  const { store } = await openStorage(config, granary, `${command}-${process.pid}`)
  const copies = config.copiesFolders.map((folder) => new LocalCopies(folder))
  return { database: granary.database, store, clock: systemClock, copies, log: openLog(config.logLevel) }
}
