import { type Kysely, sql } from 'kysely'

/** What had been drawn in the month before a change of what is allotted, so that a statement need not count it again. */
export function allotmentUse() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('licence_allotments')
        .addColumn('used_before', 'bigint', (c) => c.notNull().defaultTo(0))
        .execute()
      await sql`
        update licence_allotments set used_before = (
          select coalesce(sum(d.units), 0) from licence_ledger as d
          where d.month = licence_allotments.month and d.at <= licence_allotments.at
            and licence_allotments.owner_id in ('server', d.reseller_id, d.customer_id)
        )
      `.execute(db)
    },
  }
}
