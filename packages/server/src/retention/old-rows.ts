import { sql, type Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** Removes the oldest rows from before a time, so many at most. @returns how many it were */
export type OldRows = (transaction: Transaction<Schema>, before: number, rows: number) => Promise<bigint>

/** Where one time of a row says it all; it is null of what is still open. */
function byTime(table: keyof Schema, key: string, time: string): OldRows {
  return async (transaction, before, rows) => {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ${sql.ref(key)} in (
        select ${sql.ref(key)} from ${sql.table(table)} where ${sql.ref(time)} < ${before} limit ${rows})
    `.execute(transaction)
    return numAffectedRows ?? 0n
  }
}

/** What counts as old where. Nothing that is still open, waits, or lies in the trash is. */
export const oldRows = {
  alerts: byTime('alerts', 'id', 'resolved_at'),

  /** Lines that by their state have nothing in the trash, and no undeletion that is under way. */
  deletions: async (transaction, before, rows) => {
    const old = await transaction
      .selectFrom('deletions')
      .select('id')
      .where('state', 'in', ['moved', 'restored', 'purged', 'refused'])
      .where('asked_at', '<', before)
      .where((eb) => eb.or([eb('done_at', 'is', null), eb('done_at', '<', before)]))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('undeletions')
              .select('undeletions.id')
              .where((eb) =>
                eb.or([
                  eb('undeletions.deletion_id', '=', eb.ref('deletions.id')),
                  eb('undeletions.removal_id', '=', eb.ref('deletions.id')),
                ]),
              )
              .where('undeletions.finished_at', 'is', null),
          ),
        ),
      )
      .orderBy('asked_at')
      .limit(rows)
      .execute()
    if (old.length === 0) return 0n
    const ids = old.map(({ id }) => id)
    await transaction.deleteFrom('deletion_moves').where('deletion_id', 'in', ids).execute()
    await transaction.deleteFrom('undeletions').where('deletion_id', 'in', ids).execute()
    const { numDeletedRows } = await transaction
      .deleteFrom('deletions')
      .where('id', 'in', ids)
      .executeTakeFirst()
    return numDeletedRows
  },

  waitingClients: byTime('waiting_clients', 'id', 'last_attempt_at'),

  /** What succeeds goes at once; what was given up stays until then. */
  jobs: byTime('jobs', 'id', 'given_up_at'),

  sessions: byTime('sessions', 'id', 'expires_at'),

  links: byTime('one_time_links', 'token_hash', 'expires_at'),

  challenges: byTime('challenges', 'token_hash', 'expires_at'),

  signInFailures: byTime('sign_in_failures', 'subject', 'window_ends_at'),
} satisfies Record<string, OldRows>
