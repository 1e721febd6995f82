import { type Kysely, sql } from 'kysely'

/** A large server has a hundred thousand alerts: without it, each page of the list sorts them all. */
export function alertsInOrder() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index alerts_began on alerts (began_at, id)`.execute(db)
    },
  }
}
