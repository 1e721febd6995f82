import type { ClientWithSecret } from '@granary/contract'
import { reconcileCrashTrial } from './reconcile-crash-trial.ts'
import { undeleteCrashTrial, undeleteTrials } from './undelete-crash-trial.ts'
import type { World } from './world.ts'

const trials = [...undeleteTrials, 'reconcile'] as const
/** A fresh vault now and then, as checking a full one takes ever longer. */
const killsPerClient = 20

/**
 * Kills a server, or a repair, again and again; each kind of trial in its turn, one building on what the others left.
 * @throws {AssertionError} as soon as ledger and disk differ, or something stays half done
 */
export async function killTrials(
  world: World,
  { kills, onKill }: { kills: number; onKill: () => void },
): Promise<void> {
  const customer = await world.customer()
  let client: ClientWithSecret | undefined
  for (let kill = 0; kill < kills; kill += 1) {
    if (client === undefined || kill % killsPerClient === 0) {
      client = await world.client(customer)
      await world.vault(client, '?create=true', { method: 'POST' })
    }
    const trial = trials[kill % trials.length] ?? 'keep'
    const seed = `kill ${kill}`
    if (trial === 'reconcile') await reconcileCrashTrial(world, client, { seed })
    else await undeleteCrashTrial(world, client, { trial, seed, killWithinMs: 700 })
    onKill()
  }
}
