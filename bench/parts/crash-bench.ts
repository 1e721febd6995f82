import { crashTrial, startWorld } from '@granary/testing'
import type { BenchTable } from '../measure/report.ts'

const killsPerClient = 20

/**
 * The long form of the story in the tests: kills the server again and again amid uploads and removals.
 * @throws {AssertionError} as soon as anything acknowledged is lost, or the ledger differs from the disk
 */
export async function runCrashBench(kills: number): Promise<BenchTable> {
  await using world = await startWorld()
  const customer = await world.customer()
  const totals = { acknowledgedUploads: 0, acknowledgedRemovals: 0, unanswered: 0 }
  let client = await world.client(customer)
  const started = performance.now()
  for (let kill = 0; kill < kills; kill++) {
    // A fresh vault now and then, as checking a full one takes ever longer.
    if (kill % killsPerClient === 0) client = await world.client(customer)
    const result = await crashTrial(world, client, {
      connections: 8,
      killWithinMs: 500,
      seed: `kill ${kill}`,
    })
    for (const field of ['acknowledgedUploads', 'acknowledgedRemovals', 'unanswered'] as const) {
      totals[field] += result[field]
    }
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  const seconds = (performance.now() - started) / 1000
  return {
    title: 'Killed with SIGKILL amid uploads and removals; everything acknowledged was kept',
    columns: ['kills', 'uploads acknowledged', 'removals acknowledged', 'unanswered', 'lost', 'seconds'],
    rows: [[kills, ...Object.values(totals), 0, Math.round(seconds)].map(String)],
    data: { kills, ...totals, seconds },
  }
}
