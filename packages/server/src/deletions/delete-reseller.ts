import { type DeleteQuery, ProblemError, type ResellerDetails, whyNot } from '@granary/contract'
import { sql, type Transaction } from 'kysely'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { addSpace, moveUse, useOf } from './accounts.ts'
import { refuseWhileBackingUp } from './refuse-while-backing-up.ts'
import { type DeletedBy, holdClients, trashClients } from './trash-clients.ts'

/**
 * Deletes a reseller. Its customers move to Default Reseller as they are; or they are deleted, and their clients go
 * into the trash.
 * @throws {ProblemError} default-is-permanent, backup-running
 */
export async function deleteReseller(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  reseller: Pick<ResellerDetails, 'id' | 'isDefault' | 'state'>,
  contents: DeleteQuery['contents'],
  by: DeletedBy,
  now: number,
): Promise<void> {
  if (reseller.isDefault)
    throw new ProblemError('default-is-permanent', { reason: whyNot('delete', reseller) })
  const which = sql<boolean>`clients.deleted_at is null and clients.customer_id in (select customers.id from customers where customers.reseller_id = ${reseller.id})`
  await holdClients(transaction, which)
  await refuseWhileBackingUp(transaction, which, now)
  if (contents === 'delete') await trashCustomers(transaction, reseller.id, by, now)
  else await moveCustomersToDefault(transaction, reseller.id, now)
  await transaction.updateTable('resellers').set({ deleted_at: now }).where('id', '=', reseller.id).execute()
  await changeCounter.bump(transaction)

  async function moveCustomersToDefault(
    transaction: Transaction<Schema>,
    resellerId: string,
    now: number,
  ): Promise<void> {
    const defaultReseller = await transaction
      .selectFrom('resellers')
      .select('id')
      .where('is_default', '=', 1)
      .executeTakeFirstOrThrow()
    const use = await useOf(transaction, which)
    await transaction
      .updateTable('customers')
      .set({ reseller_id: defaultReseller.id })
      .where('reseller_id', '=', resellerId)
      .where('deleted_at', 'is', null)
      .execute()
    await moveUse(transaction, use, { from: resellerId, to: defaultReseller.id }, now)
  }

  async function trashCustomers(
    transaction: Transaction<Schema>,
    resellerId: string,
    by: DeletedBy,
    now: number,
  ): Promise<void> {
    const { bytes } = await useOf(transaction, which)
    await sql`
      update space set
        used_bytes = used_bytes - (
          select coalesce(sum(below.used_bytes), 0)
          from clients join space as below on below.owner_id = clients.id
          where clients.customer_id = space.owner_id and clients.deleted_at is null
        ),
        changed_at = ${now}
      where owner_id in (
        select customers.id from customers where customers.reseller_id = ${resellerId} and customers.deleted_at is null
      )
    `.execute(transaction)
    await trashClients(transaction, which, by, now)
    await addSpace(transaction, resellerId, -bytes, now)
    await transaction
      .updateTable('customers')
      .set({ deleted_at: now })
      .where('reseller_id', '=', resellerId)
      .where('deleted_at', 'is', null)
      .execute()
  }
}
