import { type Kysely, sql } from 'kysely'

/** Sessions that look at the console as a lower user; and what lists of the audit log are found by. */
export function actingAsAndAuditLists() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('sessions').addColumn('acting_as', 'text').execute()
      await db.schema.alterTable('sessions').addColumn('acting_mode', 'text').execute()
      await sql`create index audit_log_reseller on audit_log (reseller_id, seq)`.execute(db)
      await sql`create index audit_log_customer on audit_log (customer_id, seq)`.execute(db)
      await sql`create index audit_log_target on audit_log (target_id, seq)`.execute(db)
    },
  }
}
