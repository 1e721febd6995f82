import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { newId } from '../new-id.ts'

/** Of the one job of a kind that comes again and again. */
export const recurringKey = 'recurring'

/**
 * Lets what comes again and again come now: something was changed that it looks at. One that runs may have looked
 * already, and comes once more when it has ended.
 */
export async function bringForward(transaction: Kysely<Schema>, kind: string, now: number): Promise<void> {
  await transaction
    .updateTable('jobs')
    .set({ due_at: sql`case when due_at = ${now} then due_at + 1 else ${now} end` })
    .where('kind', '=', kind)
    .where('key', '=', recurringKey)
    .where((eb) => eb.or([eb('due_at', '>', now), eb('lease_until', '>', now)]))
    .execute()
}

/**
 * Adds a job in the transaction of what it belongs to: neither is there without the other.
 * @param job.key one job of this kind with this key at a time: a second is not added while the first is there, unless that
 *   was given up, which begins anew then
 * @param job.dueAt when to begin; at once when left out
 */
export async function addJob(
  transaction: Kysely<Schema>,
  job: { kind: string; payload: unknown; now: number; key?: string; dueAt?: number },
): Promise<void> {
  const anew = {
    payload: JSON.stringify(job.payload),
    due_at: job.dueAt ?? job.now,
    attempts: 0,
    holder: null,
    lease_until: 0,
    last_error: null,
    created_at: job.now,
    given_up_at: null,
  }
  await transaction
    .insertInto('jobs')
    .values({ id: newId('job'), kind: job.kind, key: job.key ?? null, ...anew })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'key'])
        .where('key', 'is not', null)
        .doUpdateSet(anew)
        .where('jobs.given_up_at', 'is not', null),
    )
    .execute()
}
