import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { addJob, type JobKind } from '../jobs/jobs.ts'
import type { ServerKey } from '../server-key.ts'
import { readMailSettings } from './mail-settings.ts'
import { type Mail, sendMail } from './send-mail.ts'

const kind = 'mail'
/** With pauses of an hour at most: some three days */
const mostAttempts = 75

/**
 * Mail waits in the database, in the transaction of what it tells of, until a mail server has taken it: one that is
 * down or wrongly set up loses nothing.
 */
export async function queueMail(transaction: Kysely<Schema>, mail: Mail, now: number): Promise<void> {
  await addJob(transaction, { kind, payload: mail, now })
}

/** Sends the mail that waits. */
export function mailJob({ database, serverKey }: { database: Database; serverKey: ServerKey }): JobKind {
  return {
    name: kind,
    mostAttempts,
    waitsForOthers: true,
    async run({ id, payload }) {
      const settings = await readMailSettings(database.queries)
      await sendMail({ settings, serverKey }, payload as Mail, id)
    },
  }
}

/** How much mail waits, how much was given up, and why the last attempt failed. */
export async function mailQueue(
  queries: Kysely<Schema>,
): Promise<{ waiting: number; failed: number; lastError: string | null }> {
  const counts = await queries
    .selectFrom('jobs')
    .select((eb) => [eb.fn.countAll<number>().as('all'), eb.fn.count<number>('given_up_at').as('failed')])
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  const latest = await queries
    .selectFrom('jobs')
    .select('last_error')
    .where('kind', '=', kind)
    .where('last_error', 'is not', null)
    .orderBy('due_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { waiting: counts.all - counts.failed, failed: counts.failed, lastError: latest?.last_error ?? null }
}

/** Tries everything that waits or was given up again, now: the mail server was mended, say. */
export async function sendMailAgain(transaction: Kysely<Schema>, now: number): Promise<number> {
  const again = await transaction
    .updateTable('jobs')
    .set({ due_at: now, attempts: 0, given_up_at: null })
    .where('kind', '=', kind)
    .where('lease_until', '<=', now)
    .executeTakeFirst()
  return Number(again.numUpdatedRows)
}
