import type { Kysely } from 'kysely'

/** Why a deletion was refused, so that each reader is told in their own language. */
export function reasonsOfRefusals() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('deletions').addColumn('refusal', 'text').execute()
    },
  }
}
