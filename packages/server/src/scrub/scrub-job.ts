import type { Database } from '../platform/database/database.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import { type ScrubParts, type ScrubPlace, scrubObjects } from './scrub-objects.ts'

const minute = 60_000
/** Everything is read again within this time. */
const roundMs = 30 * 24 * 60 * minute
/** Rounds are planned somewhat shorter, so that one is not late that was held up. */
const plannedMs = roundMs * 0.8
/** Read in one go at least, so that a small server is through in minutes rather than idle for a month. */
const leastBytes = 64 * 1024 * 1024
/** What an object costs beside its bytes. */
const objectCostBytes = 64 * 1024
/** However much there is to catch up with: no more in a minute, so that backups keep the disk. */
const mostBytes = 6 * 1024 * 1024 * 1024

const stateKey = 'scrub'

/** How far the scrub has come. */
export interface ScrubState {
  /** null: a round begins */
  readonly place: ScrubPlace | null
  /** When the last piece of work ended */
  readonly at: number
  /** Of the round under way, or of the next one, which begins when the last has ended */
  readonly roundBeganAt?: number
  readonly readObjects?: number
  readonly readBytes?: number
  readonly lastRoundEndedAt?: number | undefined
}

/** Reads everything that is stored again, a little every minute, in a round of thirty days. */
export function scrubJob(parts: ScrubParts): JobKind {
  return { name: 'scrub', everyMs: minute, run: ({ signal }) => scrubSome(parts, signal) }
}

async function scrubSome(parts: ScrubParts, signal: AbortSignal): Promise<void> {
  const { database, clock, log } = parts
  const state = await readState(database)
  const now = clock.now()
  const total = await storedBytes(database)
  const due = (total / plannedMs) * (state === undefined ? minute : now - state.at)
  let budget = Math.min(mostBytes, Math.max(leastBytes, due))
  let { readObjects = 0, readBytes = 0 } = state ?? {}
  const round = { roundBeganAt: state?.roundBeganAt ?? now, lastRoundEndedAt: state?.lastRoundEndedAt }
  for await (const page of scrubObjects(parts, { after: state?.place ?? undefined, heal: true })) {
    for (const { bytes, damage, handle, clientId, healedFrom, trouble } of page.inspected) {
      budget -= bytes + objectCostBytes
      readObjects += 1
      readBytes += bytes
      if (damage !== null)
        log.error(
          { err: trouble, client: clientId, handle, damage, healedFrom },
          'A stored object is damaged',
        )
    }
    await writeState(database, { place: page.place, at: clock.now(), ...round, readObjects, readBytes })
    if (budget <= 0) return
    signal.throwIfAborted()
  }
  // The round has come to its end: the next one begins at the first vault.
  const ended = clock.now()
  await writeState(database, { place: null, at: ended, roundBeganAt: ended, lastRoundEndedAt: ended })
}

export async function storedBytes({ queries }: Pick<Database, 'queries'>): Promise<number> {
  const { bytes } = await queries
    .selectFrom('resellers')
    .innerJoin('space', 'space.owner_id', 'resellers.id')
    .select((eb) => eb.fn.sum<number | null>('space.used_bytes').as('bytes'))
    .executeTakeFirstOrThrow()
  return bytes ?? 0
}

export async function readState({ queries }: Pick<Database, 'queries'>): Promise<ScrubState | undefined> {
  const row = await queries
    .selectFrom('settings')
    .select('value')
    .where('key', '=', stateKey)
    .executeTakeFirst()
  return row && (JSON.parse(row.value) as ScrubState)
}

async function writeState({ queries }: Database, state: ScrubState): Promise<void> {
  const value = JSON.stringify(state)
  await queries
    .insertInto('settings')
    .values({ key: stateKey, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
