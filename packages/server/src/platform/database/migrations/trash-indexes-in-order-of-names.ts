import { type Kysely, sql } from 'kysely'

/**
 * The indexes of the trash lie in the order of names as well: of what is in no line of the report yet by vault, of the rest by
 * the hour from which on it may be purged. An undeletion that takes out a million entries by name touched pages all over
 * the old ones, which lay in the order of removals: that was two thirds of its work.
 */
export function trashIndexesInOrderOfNames() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`drop index trash_until`.execute(db)
      await sql`drop index trash_ungrouped`.execute(db)
      await sql`
        create index trash_due on trash ((until / 3600000), vault_no, type, name) where deletion_id is not null
      `.execute(db)
      await sql`
        create index trash_ungrouped on trash (vault_no, type, name) where deletion_id is null
      `.execute(db)
    },
  }
}
