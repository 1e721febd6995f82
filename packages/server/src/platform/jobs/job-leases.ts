import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { JobRow } from '../database/schema.ts'
import { recurringKey } from './add-job.ts'

/** A job whose lease has run out belongs to nobody: its process has died. */
export const leaseMs = 60_000

const firstRetryMs = 60_000
/** The longest pause after a failure. */
export const longestRetryMs = 60 * 60_000
/** A lease that lasts longer was given by a clock that went wrong, and whoever held it has died since. */
const longestLeaseMs = leaseMs + 60 * 60_000
const longestError = 500

/**
 * Takes the job that has waited longest, of the kinds given.
 * @param farAhead from when on nothing of these kinds can be due by a clock that is right
 * @returns undefined when none is due
 */
export async function takeDueJob(
  database: Database,
  taking: { kinds: readonly string[]; holder: string; now: number; farAhead: number },
): Promise<JobRow | undefined> {
  const { now, farAhead } = taking
  const isDue = sql<SqlBool>`due_at <= ${now}`
  // Noted while the clock was far ahead: due as soon as it is put right, or it would not come for as long.
  const isAstray = sql<SqlBool>`due_at > ${farAhead} and (key = ${recurringKey} or attempts > 0 or created_at > ${farAhead})`
  return (await take(database, taking, isDue)) ?? (await take(database, taking, isAstray))
}

async function take(
  database: Database,
  { kinds, holder, now }: { kinds: readonly string[]; holder: string; now: number },
  isDue: RawBuilder<SqlBool>,
): Promise<JobRow | undefined> {
  const isFree = sql<SqlBool>`(lease_until <= ${now} or lease_until > ${now + longestLeaseMs})`
  for (;;) {
    const due = await database.queries
      .selectFrom('jobs')
      .select('id')
      .where('kind', 'in', kinds)
      .where(isDue)
      .where(isFree)
      .where('given_up_at', 'is', null)
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst()
    if (!due) return undefined
    // Two processes may have read the same job: only one of them still finds it without a lease.
    const taken = await database.queries
      .updateTable('jobs')
      .set((eb) => ({ holder, lease_until: now + leaseMs, attempts: eb('attempts', '+', 1) }))
      .where('id', '=', due.id)
      .where(isDue)
      .where(isFree)
      .where('given_up_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (taken) return taken
  }
}

/** Lets every job be taken at once, where it is known that whoever held one has died. */
export async function releaseAllJobs(database: Database): Promise<void> {
  await database.queries.updateTable('jobs').set({ lease_until: 0 }).where('lease_until', '>', 0).execute()
}

/** Lets the jobs of one process that has died be taken at once. */
export async function releaseJobsOf(database: Database, holder: string): Promise<void> {
  await database.queries.updateTable('jobs').set({ lease_until: 0 }).where('holder', '=', holder).execute()
}

type Held = Pick<JobRow, 'id' | 'holder'>

/** @returns false when the job is no longer this process's */
export async function renewLease(database: Database, job: Held, now: number): Promise<boolean> {
  const renewed = await held(database, job)
    .set({ lease_until: now + leaseMs })
    .executeTakeFirst()
  return renewed.numUpdatedRows > 0n
}

/** What was to be done once is done. */
export async function removeJob(database: Database, job: Held): Promise<void> {
  await database.queries
    .deleteFrom('jobs')
    .where('id', '=', job.id)
    .where('holder', '=', job.holder)
    .execute()
}

/** Done for now: it comes again at `dueAt`, or at once where it was brought forward while it ran. */
export async function repeatJob(
  database: Database,
  job: Held & Pick<JobRow, 'due_at'>,
  dueAt: number,
): Promise<void> {
  await held(database, job)
    .set({
      due_at: sql`case when due_at > ${job.due_at} then due_at else ${dueAt} end`,
      attempts: 0,
      last_error: null,
      holder: null,
      lease_until: 0,
    })
    .execute()
}

/** It goes back as it was; the attempt does not count. */
export async function returnJob(database: Database, job: Held): Promise<void> {
  await held(database, job)
    .set((eb) => ({ attempts: eb('attempts', '-', 1), holder: null, lease_until: 0 }))
    .execute()
}

/** It failed: later again, each time after twice as long, or never where it has been tried often enough. */
export async function postponeJob(
  database: Database,
  job: Held & Pick<JobRow, 'attempts'>,
  failure: { error: string; mostAttempts: number; now: number },
): Promise<void> {
  const wait = Math.min(firstRetryMs * 2 ** (job.attempts - 1), longestRetryMs)
  await held(database, job)
    .set({
      due_at: failure.now + wait,
      last_error: failure.error.slice(0, longestError),
      given_up_at: job.attempts >= failure.mostAttempts ? failure.now : null,
      holder: null,
      lease_until: 0,
    })
    .execute()
}

function held(database: Database, job: Held) {
  return database.queries.updateTable('jobs').where('id', '=', job.id).where('holder', '=', job.holder)
}
