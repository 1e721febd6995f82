import { type Kysely, sql } from 'kysely'

/** `objectTypeCode('locks')` */
const lockType = 2

/** Which vaults a backup runs in is asked of thousands of clients at once; other objects don't come into it. */
export function locksByAge() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index objects_locks on objects (stored_at, vault_no) where type = ${sql.lit(lockType)}`.execute(
        db,
      )
    },
  }
}
