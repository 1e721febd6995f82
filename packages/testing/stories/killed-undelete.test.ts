import { test } from 'node:test'
import { undeleteCrashTrial, undeleteTrials } from '../src/undelete-crash-trial.ts'
import { startWorld } from '../src/world.ts'

const killsEach = 5

// Each kind in a world of its own, all at once: most of the time is waiting for what servers do in their own time.
test('killed 20 times amid removals, undeletions and purges, ledger and disk agree and nothing is half done', async () => {
  await Promise.all(
    undeleteTrials.map(async (trial) => {
      await using world = await startWorld({ workers: 2 })
      const client = await world.client(await world.customer())
      await world.vault(client, '?create=true', { method: 'POST' })
      for (let kill = 0; kill < killsEach; kill += 1)
        await undeleteCrashTrial(world, client, { trial, seed: `${trial} ${kill}`, killWithinMs: 700 })
    }),
  )
})
