import { parseGoTime } from '../format/go-time.ts'
import { hasTags } from '../operations/snapshots/select-snapshots.ts'
import type { StoredSnapshot } from '../repository.ts'
import {
  type CalendarSpan,
  type CalendarTime,
  calendarTime,
  describeSpan,
  isEmptySpan,
  spanBefore,
} from './calendar-time.ts'
import { type KeepCount, type Period, periods, type RetentionPolicy } from './retention-policy.ts'

export interface KeptSnapshot {
  readonly stored: StoredSnapshot
  /** Which rules keep it, in restic's words. */
  readonly reasons: readonly string[]
}

/** What a policy does to a group of snapshots; both lists begin with the newest. */
export interface Retention {
  readonly keep: readonly KeptSnapshot[]
  readonly remove: readonly StoredSnapshot[]
}

/** One rule while the snapshots are gone through, from the newest to the oldest. */
interface Rule {
  readonly reason: string
  /** Snapshots that give the same text count as one. */
  readonly bucketOf: (time: CalendarTime, place: number) => string
  /** Snapshots from this time or earlier are none of its business; nanoseconds since 1970. */
  readonly after?: bigint
  left: number
  lastBucket?: string
}

/**
 * Decides what to keep, as restic does.
 * @param now nanoseconds since 1970; what is later is not taken for the newest snapshot
 * @see restic internal/data/snapshot_policy.go, ApplyPolicy
 */
export function applyPolicy(
  snapshots: readonly StoredSnapshot[],
  policy: RetentionPolicy,
  now: bigint,
): Retention {
  const newestFirst = snapshots
    .map((stored) => ({ stored, at: parseGoTime(stored.snapshot.time) }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at > b.at ? -1 : 1))
  const newest = newestFirst.find(({ at }) => at < now)
  const start = (span: CalendarSpan) =>
    newest ? spanBefore(newest.stored.snapshot.time, span) : beforeAllTimes
  const rules = rulesOf(policy, start)
  const withinStart = policy.within && !isEmptySpan(policy.within) ? start(policy.within) : undefined

  const keep: KeptSnapshot[] = []
  const remove: StoredSnapshot[] = []
  newestFirst.forEach(({ stored, at }, place) => {
    const isOldest = place === newestFirst.length - 1
    const reasons = (policy.tagLists ?? [])
      .filter((tags) => hasTags(stored.snapshot, tags))
      .map((tags) => `has tags [${tags.join(', ')}]`)
    if (policy.within && withinStart !== undefined && at > withinStart) {
      reasons.push(`within ${describeSpan(policy.within)}`)
    }
    const time = calendarTime(stored.snapshot.time)
    reasons.push(...rules.flatMap((rule) => applyRule(rule, { time, at, place, isOldest })))
    if (reasons.length > 0) keep.push({ stored, reasons })
    else remove.push(stored)
  })
  return { keep, remove }
}

function applyRule(
  rule: Rule,
  { time, at, place, isOldest }: { time: CalendarTime; at: bigint; place: number; isOldest: boolean },
): string[] {
  if (rule.left === 0 || (rule.after !== undefined && at <= rule.after)) return []
  const bucket = rule.bucketOf(time, place)
  // While there is something left to keep, the oldest one stays too: history reaches as far back as it can.
  if (bucket === rule.lastBucket && !isOldest) return []
  const isRepeated = bucket === rule.lastBucket
  rule.lastBucket = bucket
  rule.left--
  return [isRepeated ? `oldest ${rule.reason}` : rule.reason]
}

// Where no snapshot is from the past, restic counts spans from the year 1: all snapshots lie within them.
const beforeAllTimes = -(2n ** 80n)

const buckets: Record<Period, (time: CalendarTime) => string> = {
  hourly: ({ year, month, day, hour }) => `${year}-${month}-${day} ${hour}`,
  daily: ({ year, month, day }) => `${year}-${month}-${day}`,
  weekly: ({ weekYear, week }) => `${weekYear} week ${week}`,
  monthly: ({ year, month }) => `${year}-${month}`,
  yearly: ({ year }) => `${year}`,
}

function rulesOf(policy: RetentionPolicy, start: (span: CalendarSpan) => bigint): Rule[] {
  const rules: Rule[] = [
    { reason: 'last snapshot', bucketOf: (_, place) => `${place}`, left: countOf(policy.last) },
  ]
  for (const period of periods) {
    const left = countOf(policy.newestOf?.[period])
    rules.push({ reason: `${period} snapshot`, bucketOf: buckets[period], left })
  }
  for (const period of periods) {
    const span = policy.newestWithin?.[period]
    if (!span || isEmptySpan(span)) continue
    rules.push({
      reason: `${period} within ${describeSpan(span)}`,
      bucketOf: buckets[period],
      after: start(span),
      left: Number.POSITIVE_INFINITY,
    })
  }
  return rules
}

function countOf(count: KeepCount | undefined): number {
  return count === 'unlimited' ? Number.POSITIVE_INFINITY : (count ?? 0)
}
