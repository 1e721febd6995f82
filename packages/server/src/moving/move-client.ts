import { ProblemError } from '@granary/contract'
import { sql, type Transaction } from 'kysely'
import { linesFollow, moveUse, refuseWhileUndeleting, useOf } from '../deletions/deletions.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { expectAllottable } from '../resellers/resellers.ts'

interface Place {
  readonly id: string
  readonly url_key: string
  readonly reseller_id: string
}

/**
 * Moves a client to another customer with its vault, its trash and its credentials. Its bytes leave the account of the one and
 * enter that of the other, as long as they fit; MCALs stay where they were drawn, and the client keeps its right to
 * the month's end. Machines go on at the address they know.
 * @throws {ProblemError} quota-exceeded with the level that has no room, over-allotted, undelete-running, state-conflict when
 *   it is there already or has gone elsewhere meanwhile, customer-not-found
 */
export async function moveClient(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  clientId: string,
  way: { readonly from: Place; readonly to: Place },
  now: number,
): Promise<void> {
  const { from, to } = way
  if (from.id === to.id)
    throw new ProblemError('state-conflict', { reason: 'It belongs to this customer already.' })
  const which = sql<boolean>`clients.id = ${clientId} and clients.deleted_at is null`
  await holdTarget(transaction, to)
  // Written first: what is uploaded meanwhile is counted when this is done, at the customer it belongs to then.
  const moved = await transaction
    .updateTable('clients')
    .set({ customer_id: to.id })
    .where(which)
    .where('customer_id', '=', from.id)
    .returning('id')
    .executeTakeFirst()
  if (moved === undefined)
    throw new ProblemError('state-conflict', { reason: 'It was moved or deleted in this very moment.' })
  await refuseWhileUndeleting(transaction, which)
  await expectAllottable(transaction, { level: 'customer', id: to.id }, sql`(${clientId})`)
  const use = await useOf(transaction, which)
  await expectRoom(transaction, 'customer', to.id, use.bytes)
  await moveUse(transaction, use, { from: from.id, to: to.id }, now)
  // Its reseller may have been deleted meanwhile, and the customer have moved to the default.
  const { reseller_id: fromReseller } = await transaction
    .selectFrom('customers')
    .select('reseller_id')
    .where('id', '=', from.id)
    .executeTakeFirstOrThrow()
  if (fromReseller !== to.reseller_id) {
    await expectRoom(transaction, 'reseller', to.reseller_id, use.bytes)
    await moveUse(transaction, use, { from: fromReseller, to: to.reseller_id }, now)
  }
  await linesFollow(transaction, which)
  await transaction
    .insertInto('former_addresses')
    .values({ client_id: clientId, url_key: from.url_key })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await changeCounter.bump(transaction)
}

/** Whoever deletes the customer or its reseller holds it too: one of the two is first, and the other sees it. */
async function holdTarget(transaction: Transaction<Schema>, to: Place): Promise<void> {
  const held = await transaction
    .updateTable('customers')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('id', '=', to.id)
    .where('reseller_id', '=', to.reseller_id)
    .where('deleted_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (held === undefined) throw new ProblemError('customer-not-found')
}

/** Holds the account while it looks, so that two moves at the same instant do not both take the last room. */
async function expectRoom(
  transaction: Transaction<Schema>,
  level: 'customer' | 'reseller',
  ownerId: string,
  bytes: number,
): Promise<void> {
  const space = await transaction
    .updateTable('space')
    .set((eb) => ({ used_bytes: eb.ref('used_bytes') }))
    .where('owner_id', '=', ownerId)
    .returning(['allotted_bytes', 'used_bytes', 'reserved_bytes'])
    .executeTakeFirstOrThrow()
  const { allotted_bytes: limitBytes, used_bytes: usedBytes, reserved_bytes: reservedBytes } = space
  if (limitBytes !== null && usedBytes + reservedBytes + bytes > limitBytes) {
    throw new ProblemError('quota-exceeded', { level, limitBytes, usedBytes, requestedBytes: bytes })
  }
}
