import { test } from 'node:test'
import { killTrials } from '../src/kill-trials.ts'
import { startWorld } from '../src/world.ts'

const kills = 14

test(`killed ${kills} times amid removals, undeletions, purges, moves and repairs, ledger and disk agree and nothing is half done`, async () => {
  await using world = await startWorld({ workers: 2, onDisk: true })
  await killTrials(world, { kills, onKill: () => {} })
})
