import { type CalendarSpan, describeSpan, isEmptySpan } from './calendar-time.ts'

/** The periods of which one snapshot each can be kept. */
export const periods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const
export type Period = (typeof periods)[number]

/** A number of snapshots, or all of them. */
export type KeepCount = number | 'unlimited'

/** What to keep; a snapshot stays when any of it wants it to. */
export interface RetentionPolicy {
  /** The newest so many. */
  readonly last?: KeepCount
  /** The newest of each of so many hours, days, …, of those that have a snapshot. */
  readonly newestOf?: Partial<Record<Period, KeepCount>>
  /** All that are not older than this, seen from the newest. */
  readonly within?: CalendarSpan
  /** The newest of each hour, day, … that is not older than this, seen from the newest snapshot. */
  readonly newestWithin?: Partial<Record<Period, CalendarSpan>>
  /** Those that have all tags of one of these lists. */
  readonly tagLists?: readonly (readonly string[])[]
}

/** Whether a policy asks to keep nothing at all. */
export function isEmptyPolicy(policy: RetentionPolicy): boolean {
  const counts = [policy.last ?? 0, ...Object.values(policy.newestOf ?? {})]
  const spans = [...(policy.within ? [policy.within] : []), ...Object.values(policy.newestWithin ?? {})]
  return (
    counts.every((count) => count === 0) && spans.every(isEmptySpan) && (policy.tagLists ?? []).length === 0
  )
}

/** The policy in words, as `forget` announces it. */
export function describePolicy(policy: RetentionPolicy): string {
  const { last, newestOf = {}, within, newestWithin = {}, tagLists = [] } = policy
  const counts = [
    ...(last ? [`${last} latest`] : []),
    ...periods.flatMap((period) => (newestOf[period] ? [`${newestOf[period]} ${period}`] : [])),
  ]
  const rules = [
    ...(counts.length > 0 ? [`${counts.join(', ')} snapshots`] : []),
    ...tagLists.map((tags) => `all snapshots with the tags ${tags.join(',')}`),
    ...(within ? [`all snapshots within ${describeSpan(within)} of the newest`] : []),
    ...periods.flatMap((period) => {
      const span = newestWithin[period]
      return span ? [`${period} snapshots within ${describeSpan(span)} of the newest`] : []
    }),
  ]
  return `keep ${rules.join(' and ') || 'nothing'}`
}
