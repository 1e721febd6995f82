import { type CustomerDetails, type DeleteQuery, ProblemError, whyNot } from '@granary/contract'
import { sql, type Transaction } from 'kysely'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { expectAllottable } from '../resellers/resellers.ts'
import { addSpace, type ClientCondition, moveUse, useOf } from './accounts.ts'
import { linesFollow } from './lines-follow.ts'
import { countClients, type DeletionTarget, recordDeletion } from './record-deletion.ts'
import { refuseWhileBackingUp } from './refuse-while-backing-up.ts'
import { type DeletedBy, holdClients, holdCustomers, trashClients } from './trash-clients.ts'

/**
 * Deletes a customer. Its clients move to Default Customer with their vaults, which go on answering at their old
 * address; or they go into the trash.
 * @throws {ProblemError} default-is-permanent, backup-running, over-allotted
 */
export async function deleteCustomer(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  customer: Pick<CustomerDetails, 'id' | 'urlKey' | 'reseller' | 'isDefault' | 'state'>,
  contents: DeleteQuery['contents'],
  target: DeletionTarget,
  by: DeletedBy,
  now: number,
): Promise<void> {
  if (customer.isDefault)
    throw new ProblemError('default-is-permanent', { reason: whyNot('delete', customer) })
  const which = sql<boolean>`clients.customer_id = ${customer.id} and clients.deleted_at is null`
  await holdCustomers(transaction, 'id', customer.id)
  await holdClients(transaction, which)
  await refuseWhileBackingUp(transaction, which, now)
  const counts = await countClients(transaction, which)
  const state = contents === 'delete' ? 'in-trash' : 'moved'
  const deletionId = await recordDeletion(transaction, target, { counts, contents, state, by, now })
  if (contents === 'delete') {
    await trashClients(transaction, which, deletionId, by, now)
    for (const owner of [customer.id, customer.reseller.id])
      await addSpace(transaction, owner, { used: -counts.bytes, trash: counts.bytes }, now)
  } else {
    await moveClientsToDefault(transaction, customer, which, deletionId, now)
  }
  await transaction
    .updateTable('customers')
    .set({ deleted_at: now, deletion_id: deletionId })
    .where('id', '=', customer.id)
    .execute()
  await changeCounter.bump(transaction)
}

async function moveClientsToDefault(
  transaction: Transaction<Schema>,
  customer: Pick<CustomerDetails, 'id' | 'urlKey' | 'reseller'>,
  which: ClientCondition,
  deletionId: string,
  now: number,
): Promise<void> {
  const defaultCustomer = await transaction
    .selectFrom('customers')
    .select(['id', 'reseller_id'])
    .where('is_default', '=', 1)
    .executeTakeFirstOrThrow()
  const use = await useOf(transaction, which)
  // Machines keep the address they were given: it leads to the vault for as long as the client lives.
  await sql`
    insert into former_addresses (client_id, url_key)
    select clients.id, ${customer.urlKey} from clients where ${which}
    on conflict do nothing
  `.execute(transaction)
  await sql`
    insert into deletion_moves (deletion_id, child_id) select ${deletionId}, clients.id from clients where ${which}
  `.execute(transaction)
  await transaction.updateTable('clients').set({ customer_id: defaultCustomer.id }).where(which).execute()
  const moved = sql`(select child_id from deletion_moves where deletion_id = ${deletionId})`
  await linesFollow(transaction, sql<boolean>`clients.id in ${moved}`)
  await expectAllottable(transaction, { level: 'customer', id: defaultCustomer.id }, moved, 'kept')
  await moveUse(transaction, use, { from: customer.id, to: defaultCustomer.id }, now)
  if (customer.reseller.id !== defaultCustomer.reseller_id) {
    await moveUse(transaction, use, { from: customer.reseller.id, to: defaultCustomer.reseller_id }, now)
  }
}
