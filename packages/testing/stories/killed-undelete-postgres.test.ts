import { test } from 'node:test'
import { killTrials } from '../src/kill-trials.ts'
import { startWorld } from '../src/world.ts'

const kills = 6

test(`on PostgreSQL, killed ${kills} times amid removals, undeletions, purges, moves and repairs, ledger and disk agree`, async () => {
  await using world = await startWorld({ workers: 2, database: 'postgres', onDisk: true })
  await killTrials(world, { kills, onKill: () => {} })
})
