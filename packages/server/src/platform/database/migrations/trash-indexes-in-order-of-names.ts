import { type Kysely, sql } from 'kysely'

/**
 * The indexes of the trash lie in the order of names as well, within the hour in which entries may be purged, and within
 * the vault. An undeletion that takes out a million entries by name touched pages all over the old ones, in the order of
 * removals: that was two thirds of its work.
 */
export function trashIndexesInOrderOfNames() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`drop index trash_until`.execute(db)
      await sql`drop index trash_ungrouped`.execute(db)
      await sql`create index trash_due on trash ((until / 3600000), vault_no, type, name)`.execute(db)
      await sql`
        create index trash_ungrouped on trash (vault_no, type, name) where deletion_id is null
      `.execute(db)
    },
  }
}
