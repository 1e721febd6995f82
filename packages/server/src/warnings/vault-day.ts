import type { VaultDayRow } from '../platform/database/schema.ts'

const hour = 60 * 60_000
/** Shorter than a day, so that a nightly backup that comes a little early begins the next one. */
const dayLengthMs = 20 * hour
/** Uploads with a longer pause between them belong to different runs. */
const runPauseMs = hour / 2
/** A run that stored so much of what the vault held is what people look for afterwards. */
const surgeShare = 0.1

/** What happened in a vault in a short time, summed up from the ledger. Locks are no part of it. */
export interface Activity {
  readonly vaultNo: number
  readonly firstAt: number
  readonly lastAt: number
  /** What the client itself did; the rest of it others did: undelete, the reconciler, the provider */
  readonly backups: number
  readonly storedBytes: number
  readonly removedBytes: number
  readonly removedVersions: number
  readonly removedFrom: number | null
  /** Configs, keys and indexes that the client removed */
  readonly removedEssentials: number
  /** By how much the vault grew, whoever did it; below zero when it shrank */
  readonly grownBytes: number
  readonly grownVersions: number
}

/**
 * The day of a client's vault with something more in it: the latest one, or a new one.
 * @param isFrozen a day that begins while an alarm is open is part of it
 */
export function addActivity(
  latest: VaultDayRow | undefined,
  activity: Activity,
  isFrozen: boolean,
): VaultDayRow {
  const isClients = activity.storedBytes + activity.removedBytes + activity.backups > 0
  const isOver =
    latest !== undefined &&
    (isSettled(latest) || activity.firstAt - latest.began_at >= dayLengthMs) &&
    activity.firstAt > latest.began_at
  const day = latest === undefined || (isOver && isClients) ? begin(latest, activity, isFrozen) : latest
  const run = runOf(day, activity)
  const isSurge = activity.storedBytes > 0 && day.held_bytes > 0 && run.bytes >= surgeShare * day.held_bytes
  return {
    ...day,
    last_at: Math.max(day.last_at, activity.lastAt),
    backups: day.backups + activity.backups,
    stored_bytes: day.stored_bytes + activity.storedBytes,
    removed_bytes: day.removed_bytes + activity.removedBytes,
    removed_versions: day.removed_versions + activity.removedVersions,
    removed_from: day.removed_from ?? activity.removedFrom,
    left_bytes: Math.max(0, day.left_bytes + activity.grownBytes),
    left_versions: Math.max(0, day.left_versions + activity.grownVersions),
    run_at: run.at,
    // A snapshot ends the run that it belongs to.
    run_bytes: activity.backups > 0 ? 0 : run.bytes,
    surge_at: day.surge_at ?? (isSurge ? run.at : null),
  }
}

/** Clocks of servers that share a database differ by less. */
const aheadMs = hour

/** Whether the latest day belongs to a time when the server's clock was ahead of what it says now. */
export function isAhead(latest: VaultDayRow | undefined, at: number): boolean {
  return latest !== undefined && Math.max(latest.began_at, latest.last_at) > at + aheadMs
}

/**
 * Days that began while the server's clock was ahead would take in all that comes until then, and nothing would be out of
 * the ordinary. The latest day, which knows what the vault holds, ends before a time instead; others after it are given up.
 * @param days the oldest first
 */
export function inThePast(days: readonly VaultDayRow[], at: number): VaultDayRow[] {
  const latest = days.at(-1)
  if (latest === undefined) return []
  const earlier = (time: number) => Math.min(time, at - 1)
  const ended = {
    ...latest,
    began_at: earlier(latest.began_at),
    last_at: earlier(latest.last_at),
    run_at: earlier(latest.run_at),
    removed_from: latest.removed_from && earlier(latest.removed_from),
    surge_at: latest.surge_at && earlier(latest.surge_at),
  }
  return [...days.filter(({ began_at }) => began_at < ended.began_at), ended]
}

/** What comes after a release is judged by itself. */
function isSettled({ standing }: VaultDayRow): boolean {
  return standing === 'unusual' || standing === 'expected'
}

function runOf(day: VaultDayRow, activity: Activity): { at: number; bytes: number } {
  const goesOn = day.run_bytes > 0 && activity.firstAt - day.last_at <= runPauseMs
  return goesOn
    ? { at: day.run_at, bytes: day.run_bytes + activity.storedBytes }
    : { at: activity.firstAt, bytes: activity.storedBytes }
}

function begin(before: VaultDayRow | undefined, activity: Activity, isFrozen: boolean): VaultDayRow {
  const left = { bytes: before?.left_bytes ?? 0, versions: before?.left_versions ?? 0 }
  return {
    vault_no: activity.vaultNo,
    began_at: activity.firstAt,
    // The run that was under way goes on into the new day.
    last_at: before?.last_at ?? activity.firstAt,
    ...{ backups: 0, stored_bytes: 0, removed_bytes: 0, removed_versions: 0, removed_from: null },
    ...{ held_bytes: left.bytes, left_bytes: left.bytes },
    ...{ held_versions: left.versions, left_versions: left.versions },
    run_at: before?.run_at ?? activity.firstAt,
    run_bytes: before?.run_bytes ?? 0,
    surge_at: null,
    standing: isFrozen ? 'alarmed' : 'usual',
  }
}
