/** The median of as many deviations that makes them comparable with a standard deviation. */
const likeStandardDeviation = 1.4826
/** However regular a client has been: half as much again is nothing unusual. */
const leastMargin = 0.5
/** As much as was confirmed to be usual, and a little more. */
const confirmedMargin = 1.2

/** What is usual for a client, and the most that still is. */
export interface Usual {
  readonly usual: number
  readonly most: number
}

/**
 * What a client's own past says of a figure. Medians, because one day that was out of the ordinary, or some that an
 * attacker added, must not move them.
 * @param confirmed what somebody has said is usual, however rare it is
 * @param spread how many deviations from the median are still usual
 */
export function usualOf(past: readonly number[], confirmed: readonly number[], spread: number): Usual {
  const usual = median(past)
  const deviation = likeStandardDeviation * median(past.map((value) => Math.abs(value - usual)))
  const margin = Math.max(spread * deviation, usual * leastMargin)
  return { usual, most: Math.max(usual + margin, confirmedMargin * Math.max(0, ...confirmed)) }
}

/** 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
