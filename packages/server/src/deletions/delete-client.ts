import { sql, type Transaction } from 'kysely'
import type { FoundClient } from '../clients/clients.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { addSpace } from './accounts.ts'
import { countClients, type DeletionTarget, recordDeletion } from './record-deletion.ts'
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
  target: DeletionTarget,
  by: DeletedBy,
  now: number,
): Promise<void> {
  const which = sql<boolean>`clients.id = ${client.shown.id} and clients.deleted_at is null`
  await holdClients(transaction, which)
  await refuseWhileBackingUp(transaction, which, now)
  const counts = await countClients(transaction, which)
  const deletionId = await recordDeletion(transaction, target, {
    counts: { ...counts, clients: 0 },
    contents: null,
    state: 'in-trash',
    by,
    now,
  })
  await trashClients(transaction, which, deletionId, by, now)
  for (const owner of [client.shown.customer.id, client.resellerId])
    await addSpace(transaction, owner, { used: -counts.bytes, trash: counts.bytes }, now)
  await changeCounter.bump(transaction)
}
