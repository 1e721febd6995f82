import { sql, type Transaction } from 'kysely'
import type { FoundClient } from '../clients/clients.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { addSpace, useOf } from './accounts.ts'
import { refuseWhileBackingUp } from './refuse-while-backing-up.ts'
import { type DeletedBy, holdClients, trashClients } from './trash-clients.ts'

/**
 * Deletes a client and its vault, into the trash. MCALs it drew stay drawn.
 * @throws {ProblemError} backup-running
 */
export async function deleteClient(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  client: FoundClient,
  by: DeletedBy,
  now: number,
): Promise<void> {
  const which = sql<boolean>`clients.id = ${client.shown.id}`
  await holdClients(transaction, which)
  await refuseWhileBackingUp(transaction, which, now)
  const { bytes } = await useOf(transaction, which)
  await trashClients(transaction, which, by, now)
  await addSpace(transaction, client.shown.customer.id, -bytes, now)
  await addSpace(transaction, client.resellerId, -bytes, now)
  await changeCounter.bump(transaction)
}
