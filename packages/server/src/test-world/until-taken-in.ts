import { watchVaults } from '../warnings/watch-vaults.ts'
import type { ApiWorld } from './api-world.ts'

/** Takes in what the ledger has gained, as the job does every minute. */
export async function untilTakenIn(world: Pick<ApiWorld, 'database' | 'clock'>): Promise<void> {
  await watchVaults(world, new AbortController().signal)
}
