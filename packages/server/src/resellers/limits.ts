import type { Transaction } from 'kysely'
import { moveCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'

/** Limits as the API takes them: what is left out stays as it is, null means none. */
export interface LimitsInput {
  readonly space?: { readonly allottedBytes?: number | null | undefined } | undefined
  readonly mcals?: { readonly allotted?: number | null | undefined } | undefined
}

/** Begins the accounts of space and MCALs of a new reseller or customer. */
export async function beginAccounts(
  transaction: Transaction<Schema>,
  ownerId: string,
  limits: LimitsInput,
  at: { now: number; month: string },
): Promise<void> {
  await beginSpace(transaction, ownerId, limits.space?.allottedBytes ?? null, at.now)
  await transaction
    .insertInto('licence_use')
    .values({
      owner_id: ownerId,
      allotted: limits.mcals?.allotted ?? null,
      used_till_date: 0,
      month: at.month,
      used_in_month: 0,
    })
    .execute()
  await moveCounter(transaction)
}

/** Begins the account of space of a new reseller, customer or client. */
export async function beginSpace(
  transaction: Transaction<Schema>,
  ownerId: string,
  allottedBytes: number | null,
  now: number,
): Promise<void> {
  await transaction
    .insertInto('space')
    .values({
      owner_id: ownerId,
      allotted_bytes: allottedBytes,
      used_bytes: 0,
      reserved_bytes: 0,
      changed_at: now,
    })
    .execute()
}

export async function setLimits(
  transaction: Transaction<Schema>,
  ownerId: string,
  limits: LimitsInput,
): Promise<void> {
  if (limits.space?.allottedBytes !== undefined) {
    await transaction
      .updateTable('space')
      .set({ allotted_bytes: limits.space.allottedBytes })
      .where('owner_id', '=', ownerId)
      .execute()
  }
  if (limits.mcals?.allotted !== undefined) {
    await transaction
      .updateTable('licence_use')
      .set({ allotted: limits.mcals.allotted })
      .where('owner_id', '=', ownerId)
      .execute()
  }
}
