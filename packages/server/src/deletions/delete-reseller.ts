import { type DeleteQuery, ProblemError, type ResellerDetails, whyNot } from '@granary/contract'
import { sql, type Transaction } from 'kysely'
import { releaseHostName } from '../branding/branding.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { expectAllottable } from '../resellers/resellers.ts'
import { addSpace, moveUse, type Use, useOf } from './accounts.ts'
import { linesFollow } from './lines-follow.ts'
import { countClients, type DeletionTarget, recordDeletion } from './record-deletion.ts'
import { refuseWhileBackingUp } from './refuse-while-backing-up.ts'
import { type DeletedBy, holdClients, holdCustomers, trashClients } from './trash-clients.ts'

/**
 * Deletes a reseller. Its customers move to Default Reseller as they are; or they are deleted, and their clients go
 * into the trash.
 * @throws {ProblemError} default-is-permanent, backup-running, over-allotted
 */
export async function deleteReseller(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  reseller: Pick<ResellerDetails, 'id' | 'isDefault' | 'state'>,
  contents: DeleteQuery['contents'],
  target: DeletionTarget,
  by: DeletedBy,
  now: number,
): Promise<void> {
  if (reseller.isDefault)
    throw new ProblemError('default-is-permanent', { reason: whyNot('delete', reseller) })
  const which = sql<boolean>`clients.deleted_at is null and clients.customer_id in (select customers.id from customers where customers.reseller_id = ${reseller.id})`
  await holdReseller(transaction, reseller.id)
  await holdClients(transaction, which)
  await refuseWhileBackingUp(transaction, which, now)
  const counts = { ...(await countClients(transaction, which)), customers: await countCustomers() }
  const state = contents === 'delete' ? 'in-trash' : 'moved'
  const deletionId = await recordDeletion(transaction, target, { counts, contents, state, by, now })
  if (contents === 'delete') {
    await trashCustomers(deletionId)
    await addSpace(transaction, reseller.id, { used: -counts.bytes, trash: counts.bytes }, now)
  } else {
    await moveCustomersToDefault(deletionId)
  }
  await transaction
    .updateTable('resellers')
    .set({ deleted_at: now, deletion_id: deletionId })
    .where('id', '=', reseller.id)
    .execute()
  await releaseHostName(transaction, reseller.id)
  await changeCounter.bump(transaction)

  async function countCustomers(): Promise<number> {
    const { customers } = await transaction
      .selectFrom('customers')
      .select((eb) => eb.fn.countAll<number>().as('customers'))
      .where('reseller_id', '=', reseller.id)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
    return customers
  }

  async function moveCustomersToDefault(deletionId: string): Promise<void> {
    const defaultReseller = await transaction
      .selectFrom('resellers')
      .select('id')
      .where('is_default', '=', 1)
      .executeTakeFirstOrThrow()
    const moved = sql<boolean>`customers.reseller_id = ${reseller.id} and customers.deleted_at is null`
    const use = await useOfCustomers(await useOf(transaction, which), moved)
    await sql`
      insert into deletion_moves (deletion_id, child_id)
      select ${deletionId}, customers.id from customers where ${moved}
    `.execute(transaction)
    await transaction.updateTable('customers').set({ reseller_id: defaultReseller.id }).where(moved).execute()
    const came = sql`(select child_id from deletion_moves where deletion_id = ${deletionId})`
    await linesFollow(transaction, sql<boolean>`clients.customer_id in ${came}`)
    await expectAllottable(transaction, { level: 'reseller', id: defaultReseller.id }, came)
    await moveUse(transaction, use, { from: reseller.id, to: defaultReseller.id }, now)
  }

  /** A customer's trash may hold clients that were deleted before; it moves with the customer. */
  async function useOfCustomers(ofClients: Use, moved: ReturnType<typeof sql<boolean>>): Promise<Use> {
    const { trash } = await transaction
      .selectFrom('customers')
      .innerJoin('space', 'space.owner_id', 'customers.id')
      .select((eb) => eb.fn.sum<number | null>('space.trash_bytes').as('trash'))
      .where(moved)
      .executeTakeFirstOrThrow()
    return { ...ofClients, trashBytes: trash ?? 0 }
  }

  async function trashCustomers(deletionId: string): Promise<void> {
    const gone = sql`
      (select coalesce(sum(below.used_bytes), 0)
      from clients join space as below on below.owner_id = clients.id
      where clients.customer_id = space.owner_id and clients.deleted_at is null)`
    await sql`
      update space set used_bytes = used_bytes - ${gone}, trash_bytes = trash_bytes + ${gone}, changed_at = ${now}
      where owner_id in (
        select customers.id from customers where customers.reseller_id = ${reseller.id} and customers.deleted_at is null
      )
    `.execute(transaction)
    await trashClients(transaction, which, deletionId, by, now)
    await transaction
      .updateTable('customers')
      .set({ deleted_at: now, deletion_id: deletionId })
      .where('reseller_id', '=', reseller.id)
      .where('deleted_at', 'is', null)
      .execute()
  }
}

/**
 * Holds a reseller with all its customers. A customer that is being added is counted in it: it is there, and held as well,
 * once the reseller is.
 */
async function holdReseller(transaction: Transaction<Schema>, id: string): Promise<void> {
  await holdCustomers(transaction, 'reseller_id', id)
  await transaction
    .updateTable('resellers')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('id', '=', id)
    .execute()
  await holdCustomers(transaction, 'reseller_id', id)
}
