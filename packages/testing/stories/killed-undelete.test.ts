import { test } from 'node:test'
import { undeleteCrashTrial, undeleteTrials } from '../src/undelete-crash-trial.ts'
import { startWorld } from '../src/world.ts'

const kills = 20

test(`killed ${kills} times amid removals, undeletions and purges, ledger and disk agree and nothing is half done`, async () => {
  await using world = await startWorld({ workers: 2 })
  const client = await world.client(await world.customer())
  await world.vault(client, '?create=true', { method: 'POST' })
  for (let kill = 0; kill < kills; kill += 1) {
    const trial = undeleteTrials[kill % undeleteTrials.length] ?? 'keep'
    await undeleteCrashTrial(world, client, { trial, seed: `kill ${kill}`, killWithinMs: 700 })
  }
})
