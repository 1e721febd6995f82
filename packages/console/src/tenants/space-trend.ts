const monthDays = 30
/** Less is what every machine does from day to day. */
const leastShare = 0.05
const leastBytes = 1_000_000
/** Who is full later than that need not know today. */
const farDays = 2 * 365

export interface SpaceTrend {
  readonly direction: 'up' | 'down'
  /** How much more, or less, is stored than thirty days ago */
  readonly bytes: number
  /** When the limit is reached at this pace; null where there is none, or not soon */
  readonly fullInDays: number | null
}

/** Where used space is heading, from what it was thirty days ago; null where it stays, or nothing is known. */
export function spaceTrend(space: {
  readonly allottedBytes: number | null
  readonly usedBytes: number
  readonly usedBytesMonthAgo: number | null
}): SpaceTrend | null {
  const { allottedBytes, usedBytes, usedBytesMonthAgo: before } = space
  if (before === null) return null
  const bytes = Math.abs(usedBytes - before)
  if (bytes < leastBytes || bytes < leastShare * before) return null
  if (usedBytes < before) return { direction: 'down', bytes, fullInDays: null }
  const left = allottedBytes === null ? Number.POSITIVE_INFINITY : allottedBytes - usedBytes
  const days = Math.ceil((left / bytes) * monthDays)
  return { direction: 'up', bytes, fullInDays: days > 0 && days <= farDays ? days : null }
}
