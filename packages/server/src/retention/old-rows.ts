import type { Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** Removes the oldest rows from before a time, so many at most. @returns how many it were */
export type OldRows = (transaction: Transaction<Schema>, before: number, rows: number) => Promise<bigint>

/** What counts as old where. Nothing that is still open, waits, or lies in the trash is. */
export const oldRows = {
  alerts: async (transaction, before, rows) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('alerts')
      .where('id', 'in', (old) =>
        old.selectFrom('alerts').select('id').where('resolved_at', '<', before).limit(rows),
      )
      .executeTakeFirst()
    return numDeletedRows
  },

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

  waitingClients: async (transaction, before, rows) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('waiting_clients')
      .where('id', 'in', (old) =>
        old.selectFrom('waiting_clients').select('id').where('last_attempt_at', '<', before).limit(rows),
      )
      .executeTakeFirst()
    return numDeletedRows
  },

  /** What succeeds goes at once; what was given up stays until then. */
  jobs: async (transaction, before, rows) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('jobs')
      .where('id', 'in', (old) =>
        old.selectFrom('jobs').select('id').where('given_up_at', '<', before).limit(rows),
      )
      .executeTakeFirst()
    return numDeletedRows
  },

  sessions: async (transaction, before, rows) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('sessions')
      .where('id', 'in', (old) =>
        old.selectFrom('sessions').select('id').where('expires_at', '<', before).limit(rows),
      )
      .executeTakeFirst()
    return numDeletedRows
  },

  links: async (transaction, before, rows) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('one_time_links')
      .where('token_hash', 'in', (old) =>
        old.selectFrom('one_time_links').select('token_hash').where('expires_at', '<', before).limit(rows),
      )
      .executeTakeFirst()
    return numDeletedRows
  },

  challenges: async (transaction, before, rows) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('challenges')
      .where('token_hash', 'in', (old) =>
        old.selectFrom('challenges').select('token_hash').where('expires_at', '<', before).limit(rows),
      )
      .executeTakeFirst()
    return numDeletedRows
  },

  signInFailures: async (transaction, before, rows) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('sign_in_failures')
      .where('subject', 'in', (old) =>
        old.selectFrom('sign_in_failures').select('subject').where('window_ends_at', '<', before).limit(rows),
      )
      .executeTakeFirst()
    return numDeletedRows
  },
} satisfies Record<string, OldRows>
