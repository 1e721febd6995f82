const hour = 60 * 60_000
const day = 24 * hour

/** Nobody is called late before this: machines sleep at night. */
export const soonestOverdueMs = 26 * hour
/** For those whose rhythm is not known yet. */
const unknownRhythmMs = 3 * day
const fewestGaps = 2

/**
 * How long after its last backup a client is overdue: half again its usual pause, and half a day on top.
 * @param backedUpAt times of its newest versions, in any order
 */
export function overdueAfterMs(backedUpAt: readonly number[]): number {
  const times = backedUpAt.toSorted((a, b) => a - b)
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  if (gaps.length < fewestGaps) return unknownRhythmMs
  const sorted = gaps.toSorted((a, b) => a - b)
  const usual = sorted[Math.floor(sorted.length / 2)] ?? day
  return Math.max(soonestOverdueMs, usual * 1.5 + 12 * hour)
}
