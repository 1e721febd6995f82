import { sql, type Transaction } from 'kysely'
import { calendarMonth } from '../platform/calendar-month.ts'
import { moveCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { expectNotOverAllotted } from './over-allotting.ts'

/** Limits as the API takes them: what is left out stays as it is, null means none. */
export interface LimitsInput {
  readonly space?: { readonly allottedBytes?: number | null | undefined } | undefined
  readonly mcals?: { readonly allotted?: number | null | undefined } | undefined
}

/** Who sets limits, and when. */
export interface SetBy {
  readonly now: number
  readonly actorName: string
}

/** Begins the accounts of space and MCALs of a new reseller or customer. */
export async function beginAccounts(
  transaction: Transaction<Schema>,
  ownerId: string,
  limits: LimitsInput,
  by: SetBy,
): Promise<void> {
  await beginSpace(transaction, ownerId, limits.space?.allottedBytes ?? null, by.now)
  await transaction
    .insertInto('licence_use')
    .values({
      owner_id: ownerId,
      allotted: null,
      used_till_date: 0,
      month: calendarMonth(by.now),
      used_in_month: 0,
    })
    .execute()
  if (limits.space?.allottedBytes != null) await expectNotOverAllotted(transaction, ownerId)
  await allotMcals(transaction, ownerId, limits.mcals?.allotted ?? null, { ...by, note: '' })
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
  by: SetBy,
): Promise<void> {
  const { allottedBytes } = limits.space ?? {}
  if (allottedBytes !== undefined) {
    const changed = await transaction
      .updateTable('space')
      .set({ allotted_bytes: allottedBytes })
      .where('owner_id', '=', ownerId)
      .where(sql<boolean>`allotted_bytes is distinct from ${allottedBytes}`)
      .returning('owner_id')
      .executeTakeFirst()
    if (changed) await expectNotOverAllotted(transaction, ownerId)
  }
  if (limits.mcals?.allotted !== undefined) {
    await allotMcals(transaction, ownerId, limits.mcals.allotted, { ...by, note: '' })
  }
}

/** Allots MCALs to the pool, a reseller or a customer: how many in all, or null for as many as required. */
export async function allotMcals(
  transaction: Transaction<Schema>,
  ownerId: string,
  allotted: number | null,
  by: SetBy & { readonly note: string },
): Promise<void> {
  // Written before it is read, so that what is left stays as it is until this is committed.
  const before = await transaction
    .updateTable('licence_use')
    .set((eb) => ({ used_till_date: eb.ref('used_till_date') }))
    .where('owner_id', '=', ownerId)
    .returning(['allotted', 'used_till_date', 'month', 'used_in_month'])
    .executeTakeFirstOrThrow()
  if (before.allotted === allotted) return
  await transaction.updateTable('licence_use').set({ allotted }).where('owner_id', '=', ownerId).execute()
  const month = calendarMonth(by.now)
  const usedInMonth = before.month === month ? before.used_in_month : 0
  const left = (total: number | null) => (total === null ? null : total - before.used_till_date)
  await transaction
    .insertInto('licence_allotments')
    .values({
      at: by.now,
      month,
      owner_id: ownerId,
      used_before: usedInMonth,
      left_before: left(before.allotted),
      left_after: left(allotted),
      note: by.note,
      actor_name: by.actorName,
    })
    .execute()
}
