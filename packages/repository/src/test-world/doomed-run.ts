import { flushCompileCache } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import { WorkerPool } from '../workers/worker-pool.ts'
import { performTrialRun, type TrialRun } from './trial-run.ts'

/** What a process does until it is killed by its own hand. */
export interface DoomedRun extends TrialRun {
  /** The process dies so many milliseconds after it has begun this change, counted from 1. */
  readonly diesAtChange: number
  readonly diesAfterMs: number
}

/** The program of {@link DoomedRun}: takes it as JSON in its one argument. */
async function runUntilDeath({ diesAtChange, diesAfterMs, ...run }: DoomedRun): Promise<void> {
  // For those that come after it: this process has no orderly end.
  flushCompileCache()
  await using pool = new WorkerPool(1)
  await performTrialRun(run, pool, (change) => {
    if (change === diesAtChange) void delay(diesAfterMs).then(() => process.kill(process.pid, 'SIGKILL'))
  })
}

await runUntilDeath(JSON.parse(process.argv[2] ?? ''))
