import { sql, type Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import type { ClientCondition } from './accounts.ts'

/**
 * Lines of the deleted report with something in the trash go along with the clients that it came from, deleted ones too:
 * whoever has a client now, and nobody else, brings back and purges what it removed. A purge that waited for a second
 * person at the place before is asked for no more. What is over stays in the report of whoever had it then.
 * @param which those that have just been moved
 */
export async function linesFollow(transaction: Transaction<Schema>, which: ClientCondition): Promise<void> {
  const place = (column: string) => sql`(select ${sql.raw(column)} from clients as c
    join customers as u on u.id = c.customer_id join resellers as r on r.id = u.reseller_id
    where c.vault_no = deletions.vault_no)`
  const isApproved = (column: string) => sql`case when purge_approved = 1 then ${sql.ref(column)} end`
  await sql`
    update deletions set customer_id = ${place('u.id')}, reseller_id = ${place('r.id')},
      parent_path = ${place("r.name || ' / ' || u.name")},
      purge_asked_by = ${isApproved('purge_asked_by')}, purge_asked_name = ${isApproved('purge_asked_name')},
      purge_asked_at = ${isApproved('purge_asked_at')}, purge_reason = ${isApproved('purge_reason')},
      purge_approved = ${isApproved('purge_approved')}
    where state in ('in-trash', 'partly') and vault_no in (select clients.vault_no from clients where ${which})
      and (customer_id <> ${place('u.id')} or reseller_id <> ${place('r.id')})
  `.execute(transaction)
}
