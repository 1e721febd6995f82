import type { Sighting } from '@granary/contract'
import type { VaultDayRow } from '../platform/database/schema.ts'
import { median, type Usual, usualOf } from './usual.ts'

const hour = 60 * 60_000
const day = 24 * hour
const week = 7 * day

/** What holds less is nobody's data yet: a first try, an empty machine. */
const leastBytes = 8 * 1024 * 1024
const leastVersions = 5
/** So many days with removals make a routine: before, a prune is compared with what the vault held alone. */
const routineDays = 3
/** As many times the usual number of backups. */
const floodFactor = 5

/** From where on something is a sign; shares of what the vault held before. */
const limits = {
  normal: {
    ...{ learningDays: 5, spread: 4 },
    ...{ newShare: 0.4, lostShare: 0.75, removedShare: 0.6, removedInWeekShare: 0.8 },
    ...{ versionsShare: 0.6, survivors: 2, flood: 50, clockMs: day },
  },
  high: {
    ...{ learningDays: 3, spread: 2.5 },
    ...{ newShare: 0.2, lostShare: 0.5, removedShare: 0.4, removedInWeekShare: 0.6 },
    ...{ versionsShare: 0.4, survivors: 4, flood: 30, clockMs: hour },
  },
} as const
export type Sensitivity = keyof typeof limits

/** How many days of backups have to be known before a client is compared with its past. */
export function learningDays(sensitivity: Sensitivity): number {
  return limits[sensitivity].learningDays
}

/** How far a clock may be off. */
export function clockLimitMs(sensitivity: Sensitivity): number {
  return limits[sensitivity].clockMs
}

/** The days that a look back from the last one takes in, none of those that somebody has released. */
export function lookBack(days: readonly VaultDayRow[]): {
  today: readonly VaultDayRow[]
  thisWeek: readonly VaultDayRow[]
  past: readonly VaultDayRow[]
} {
  const last = days.at(-1)
  if (last === undefined) return { today: [], thisWeek: [], past: [] }
  const open = days.filter(({ standing }) => standing === 'usual' || standing === 'alarmed')
  const within = (ms: number) => open.filter(({ began_at }) => began_at > last.last_at - ms)
  const today = within(day)
  const begins = today[0]?.began_at ?? Number.POSITIVE_INFINITY
  const past = days.filter(
    ({ began_at, standing }) => began_at < begins && (standing === 'usual' || standing === 'expected'),
  )
  return { today, thisWeek: within(week), past }
}

/**
 * Whether the days of the last week are worth a closer look, which costs more: nearly all never are.
 * @param days the oldest first
 */
export function deservesLook(days: readonly VaultDayRow[], sensitivity: Sensitivity): boolean {
  const limit = limits[sensitivity]
  const { today, thisWeek } = lookBack(days)
  const [now, lately] = [summed(today), summed(thisWeek)]
  if (now.held < leastBytes && lately.held < leastBytes) return false
  return (
    now.stored - now.removed >= limit.newShare * now.held ||
    now.removed >= limit.removedShare * now.held ||
    lately.removed >= limit.removedInWeekShare * lately.held ||
    (now.removedVersions > 0 && now.removedVersions >= limit.versionsShare * now.heldVersions) ||
    (lately.removedVersions > 0 && lately.removedVersions >= limit.versionsShare * lately.heldVersions) ||
    now.backups >= limit.flood
  )
}

/**
 * Compares what a client did in the last day and in the last week with what its vault held and with what is usual for it.
 * @param days the oldest first, as many as are known
 * @param survivors how many versions are left that were stored before a time
 */
export function judge(
  days: readonly VaultDayRow[],
  sensitivity: Sensitivity,
  survivors: (storedBefore: number) => number,
): Sighting[] {
  const limit = limits[sensitivity]
  const { today, thisWeek, past } = lookBack(days)
  if (past.filter(({ backups }) => backups > 0).length < limit.learningDays) return []
  // Older than a day: new versions, which an attacker may have made, are no comfort.
  const left = survivors(today[0]?.began_at ?? 0)
  const removals = [
    tooMuchRemoved(today, past, { ...limit, share: limit.removedShare, mayBePackedAnew: false }) ??
      tooMuchRemoved(thisWeek, past, { ...limit, share: limit.removedInWeekShare, mayBePackedAnew: true }),
    left > limit.survivors
      ? null
      : (tooManyVersionsRemoved(today, past, limit) ?? tooManyVersionsRemoved(thisWeek, past, limit)),
  ].filter((sighting) => sighting !== null)
  const stored = tooMuchStored(today, past, { ...limit, mayBePackedAnew: removals.length === 0 })
  const flood = tooManyVersions(today, past, limit)
  // What was stored before the removals belongs to it: a vault is put back to before both.
  const belonging = removals.map((one) => ({
    ...one,
    since: Math.min(one.since, stored?.since ?? one.since),
  }))
  return [stored, ...belonging, flood].filter((sighting) => sighting !== null)
}

type Limit = (typeof limits)[Sensitivity]

/**
 * What was removed counts against what was stored: a prune packs anew what it keeps. Hiding new data behind removals takes
 * removals that are a sign of their own.
 */
function tooMuchStored(
  today: readonly VaultDayRow[],
  past: readonly VaultDayRow[],
  limit: Limit & { mayBePackedAnew: boolean },
): Sighting | null {
  const { stored, removed, held, backupDays } = summed(today)
  const added = limit.mayBePackedAnew ? stored - removed : stored
  if (held < leastBytes || added < leastBytes || added < limit.newShare * held) return null
  const { usual, most } = ofPast(past, 'stored_bytes', ({ backups }) => backups > 0, limit.spread)
  const times = Math.max(1, backupDays)
  if (stored <= most * times) return null
  const surges = today.flatMap(({ surge_at }) => surge_at ?? [])
  return {
    sign: added >= limit.lostShare * held ? 'deduplication-lost' : 'new-bytes',
    ...{ observed: stored, usual: Math.round(usual * times), held },
    since: surges[0] ?? today[0]?.began_at ?? 0,
  }
}

/** @param limit.mayBePackedAnew days on end a prune stores again what it removes; at once it never does with most of it */
function tooMuchRemoved(
  days: readonly VaultDayRow[],
  past: readonly VaultDayRow[],
  limit: { spread: number; share: number; mayBePackedAnew: boolean },
): Sighting | null {
  const { removed, stored, held, removalDays } = summed(days)
  const lost = limit.mayBePackedAnew ? removed - stored : removed
  if (held < leastBytes || lost < limit.share * held) return null
  const { usual, most } = routine(past, 'removed_bytes', limit.spread)
  if (removed <= most * removalDays) return null
  return {
    sign: 'data-removed',
    ...{ observed: removed, usual: Math.round(usual * removalDays), held },
    since: firstRemoval(days),
  }
}

function tooManyVersionsRemoved(
  days: readonly VaultDayRow[],
  past: readonly VaultDayRow[],
  limit: Limit,
): Sighting | null {
  const { removedVersions, heldVersions, held, removalDays } = summed(days)
  if (held < leastBytes || heldVersions < leastVersions) return null
  if (removedVersions < limit.versionsShare * heldVersions) return null
  const { usual, most } = routine(past, 'removed_versions', limit.spread)
  if (removedVersions <= most * removalDays) return null
  return {
    sign: 'versions-removed',
    ...{ observed: removedVersions, usual: Math.round(usual * removalDays), held: heldVersions },
    since: firstRemoval(days),
  }
}

function tooManyVersions(
  today: readonly VaultDayRow[],
  past: readonly VaultDayRow[],
  limit: Limit,
): Sighting | null {
  const { backups, heldVersions, held, backupDays } = summed(today)
  if (held < leastBytes || backups < limit.flood) return null
  const { usual, most } = ofPast(past, 'backups', (row) => row.backups > 0, limit.spread)
  const times = Math.max(1, backupDays)
  if (backups <= Math.max(most, usual * floodFactor) * times) return null
  return {
    sign: 'version-flood',
    ...{ observed: backups, usual: Math.round(usual * times), held: heldVersions },
    since: today[0]?.began_at ?? 0,
  }
}

/** What is usual on a day of removals; nothing, as long as there is no routine. */
function routine(
  past: readonly VaultDayRow[],
  figure: 'removed_bytes' | 'removed_versions',
  spread: number,
): Usual {
  const days = past.filter((row) => row[figure] > 0)
  const isRoutine = days.length >= routineDays
  return ofPast(past, figure, (row) => row[figure] > 0 && (isRoutine || row.standing === 'expected'), spread)
}

function ofPast(
  past: readonly VaultDayRow[],
  figure: 'stored_bytes' | 'removed_bytes' | 'removed_versions' | 'backups',
  counts: (row: VaultDayRow) => boolean,
  spread: number,
): Usual {
  const days = past.filter(counts)
  const confirmed = days.filter(({ standing }) => standing === 'expected')
  const valuesOf = (rows: readonly VaultDayRow[]) => rows.map((row) => row[figure])
  return usualOf(valuesOf(days), valuesOf(confirmed), spread)
}

/** What a usual day looks like, for people. */
export function usualDay(past: readonly VaultDayRow[]): {
  storedBytes: number
  removedBytes: number
  backups: number
} {
  const backedUp = past.filter(({ backups }) => backups > 0)
  const pruned = past.filter(({ removed_bytes }) => removed_bytes > 0)
  return {
    storedBytes: Math.round(median(backedUp.map((row) => row.stored_bytes))),
    removedBytes: Math.round(median(pruned.map((row) => row.removed_bytes))),
    backups: Math.round(median(backedUp.map((row) => row.backups))),
  }
}

function firstRemoval(days: readonly VaultDayRow[]): number {
  return days.flatMap(({ removed_from }) => removed_from ?? [])[0] ?? days[0]?.began_at ?? 0
}

function summed(days: readonly VaultDayRow[]) {
  const sum = (figure: 'stored_bytes' | 'removed_bytes' | 'removed_versions' | 'backups') =>
    days.reduce((total, row) => total + row[figure], 0)
  return {
    stored: sum('stored_bytes'),
    removed: sum('removed_bytes'),
    removedVersions: sum('removed_versions'),
    backups: sum('backups'),
    held: days[0]?.held_bytes ?? 0,
    heldVersions: days[0]?.held_versions ?? 0,
    backupDays: days.filter(({ backups }) => backups > 0).length,
    removalDays: days.filter(({ removed_bytes }) => removed_bytes > 0).length,
  }
}
