import { spawnSync } from 'node:child_process'
import { type Contender, type ContenderName, contenderNames, startContender } from '../contenders.ts'
import { warmUp } from './warm-up.ts'
import type { ServerUsage } from './watch-server.ts'

/** One thing that is measured on both servers. */
export interface Contest {
  readonly name: string
  readonly unit: 'MB/s' | 'requests/s' | 's'
  measure(contender: Contender, run: string): Promise<Measurement>
}

export interface Measurement {
  /** In the contest's unit. */
  readonly value: number
  readonly usage: ServerUsage
}

export interface ContestResult {
  readonly name: string
  readonly unit: Contest['unit']
  readonly pairs: readonly Readonly<Record<ContenderName, Measurement>>[]
}

/**
 * Measures every contest in pairs: both servers, freshly started and warmed up, one after the other on the same idle
 * machine, and the other one first the next time. What the machine does over minutes then hits both alike.
 */
export async function runPairs(contests: readonly Contest[], pairCount: number): Promise<ContestResult[]> {
  const pairs = contests.map((): Record<ContenderName, Measurement>[] => [])
  for (let pair = 0; pair < pairCount; pair++) {
    await using resources = new AsyncDisposableStack()
    const contenders = await Promise.all(contenderNames.map(startContender))
    for (const contender of contenders) resources.use(contender)
    for (const contender of contenders) await warmUp(contender)
    const order = pair % 2 === 0 ? contenders : contenders.toReversed()
    for (const [i, contest] of contests.entries()) {
      const measured = {} as Record<ContenderName, Measurement>
      for (const contender of order) {
        // What the one before has left to be written must not be written on this one's time.
        spawnSync('sync')
        measured[contender.name] = await contest.measure(contender, `pair ${pair} ${contest.name}`)
      }
      pairs[i]?.push(measured)
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return contests.map((contest, i) => ({ name: contest.name, unit: contest.unit, pairs: pairs[i] ?? [] }))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[middle]]
  return (low + high) / 2
}
