import type { Kysely } from 'kysely'

/** Purges by hand: who asked for one, and why. */
export function purgeApprovals() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const [column, type] of [
        ['purge_asked_by', 'text'],
        ['purge_asked_name', 'text'],
        ['purge_asked_at', 'bigint'],
        ['purge_reason', 'text'],
        ['purge_approved', 'integer'],
      ] as const) {
        await db.schema.alterTable('deletions').addColumn(column, type).execute()
      }
    },
  }
}
