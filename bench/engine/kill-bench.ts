import { runKillTrials } from '../../packages/repository/src/test-world/kill-trials.ts'
import type { BenchTable } from '../measure/report.ts'

/**
 * Kills backups, prunes and copies at random changes of their repositories. After each, restic's
 * `check --read-data` is clean and no snapshot is gone; in the end, all are restored and compared.
 * @throws {Error} when anything is lost
 */
export async function runKillBench(kills = 100): Promise<BenchTable> {
  const started = performance.now()
  const { runs, killed, restored } = await runKillTrials(kills, Math.random)
  const seconds = (performance.now() - started) / 1000
  const snapshots = restored.backups + restored.copies
  return {
    title: 'Backups, prunes and copies killed with SIGKILL; restic found nothing wrong after any of them',
    columns: ['runs', 'killed before their end', 'snapshots restored in the end', 'lost', 'seconds'],
    rows: [[runs, killed, snapshots, 0, Math.round(seconds)].map(String)],
    data: { runs, killed, restored, seconds },
  }
}
