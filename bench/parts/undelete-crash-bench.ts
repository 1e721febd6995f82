import { killTrials, startWorld } from '@granary/testing'
import type { BenchTable } from '../measure/report.ts'

/** Of so many kills one is on PostgreSQL. */
const postgresShare = 5

/**
 * The long form of the story in the tests: kills the server again and again amid removals, undeletions, purges, deletions
 * of clients and moves, and repairs of a spoilt vault.
 * @throws {AssertionError} as soon as ledger and disk differ, or something stays half done
 */
export async function runUndeleteCrashBench(kills: number): Promise<BenchTable> {
  const onPostgres = Math.floor(kills / postgresShare)
  const rows = []
  for (const [database, count] of [
    ['sqlite', kills - onPostgres],
    ['postgres', onPostgres],
  ] as const) {
    await using world = await startWorld({ workers: 2, database })
    const started = performance.now()
    await killTrials(world, { kills: count, onKill: () => process.stderr.write('.') })
    process.stderr.write('\n')
    rows.push({ database, kills: count, seconds: (performance.now() - started) / 1000 })
  }
  return {
    title:
      'Killed with SIGKILL amid removals, undeletions, purges, deletions, moves and repairs; ledger and disk agreed each time',
    columns: ['database', 'kills', 'differences', 'seconds'],
    rows: rows.map((row) => [row.database, String(row.kills), '0', String(Math.round(row.seconds))]),
    data: rows,
  }
}
