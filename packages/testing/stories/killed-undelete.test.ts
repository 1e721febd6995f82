import { test } from 'node:test'
import { killTrials } from '../src/kill-trials.ts'
import { startWorld } from '../src/world.ts'

for (const { database, kills } of [
  { database: 'sqlite', kills: 20 },
  { database: 'postgres', kills: 6 },
] as const) {
  test(`killed ${kills} times amid removals, undeletions, purges, moves and repairs, ledger and disk agree and nothing is half done (${database})`, async () => {
    await using world = await startWorld({ workers: 2, database })
    await killTrials(world, { kills, onKill: () => {} })
  })
}
