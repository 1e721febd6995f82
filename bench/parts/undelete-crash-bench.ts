import { startWorld, undeleteCrashTrial, undeleteTrials } from '@granary/testing'
import type { BenchTable } from '../measure/report.ts'

const killsPerClient = 20

/**
 * The long form of the story in the tests: kills the server again and again amid removals, undeletions, purges and
 * deletions of clients.
 * @throws {AssertionError} as soon as ledger and disk differ, or something stays half done
 */
export async function runUndeleteCrashBench(kills: number): Promise<BenchTable> {
  await using world = await startWorld({ workers: 2 })
  const customer = await world.customer()
  let client = await world.client(customer)
  const started = performance.now()
  for (let kill = 0; kill < kills; kill++) {
    // A fresh vault now and then, as checking a full one takes ever longer.
    if (kill % killsPerClient === 0) client = await world.client(customer)
    const trial = undeleteTrials[kill % undeleteTrials.length] ?? 'keep'
    await undeleteCrashTrial(world, client, { trial, seed: `kill ${kill}`, killWithinMs: 700 })
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  const seconds = (performance.now() - started) / 1000
  return {
    title:
      'Killed with SIGKILL amid removals, undeletions, purges and deletions; ledger and disk agreed each time',
    columns: ['kills', 'differences', 'seconds'],
    rows: [[kills, 0, Math.round(seconds)].map(String)],
    data: { kills, seconds },
  }
}
