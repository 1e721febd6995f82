import { type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** What clients have used: bytes now stored, MCALs ever drawn and drawn in this month. */
export interface Use {
  readonly bytes: number
  readonly unitsTillDate: number
  readonly unitsInMonth: number
}

/** A condition on the rows of `clients`. */
export type ClientCondition = RawBuilder<SqlBool>

/** What living clients have used. Their rows have to be held by the transaction, or uploads may still move it. */
export async function useOf(
  transaction: Transaction<Schema>,
  which: ClientCondition,
  month: string,
): Promise<Use> {
  const space = await transaction
    .selectFrom('clients')
    .innerJoin('space', 'space.owner_id', 'clients.id')
    .select((eb) => eb.fn.sum<number | null>('space.used_bytes').as('bytes'))
    .where(which)
    .executeTakeFirstOrThrow()
  const licences = await transaction
    .selectFrom('clients')
    .innerJoin('licence_draws', 'licence_draws.client_id', 'clients.id')
    .select((eb) => [
      eb.fn.sum<number | null>('licence_draws.units').as('till_date'),
      sql<
        number | null
      >`sum(case when licence_draws.month = ${month} then licence_draws.units else 0 end)`.as('in_month'),
    ])
    .where(which)
    .executeTakeFirstOrThrow()
  return {
    bytes: space.bytes ?? 0,
    unitsTillDate: licences.till_date ?? 0,
    unitsInMonth: licences.in_month ?? 0,
  }
}

/** Moves bytes into an account of space, or, below zero, out of it. */
export async function addSpace(
  transaction: Transaction<Schema>,
  ownerId: string,
  bytes: number,
  now: number,
): Promise<void> {
  await transaction
    .updateTable('space')
    .set((eb) => ({ used_bytes: eb('used_bytes', '+', bytes), changed_at: now }))
    .where('owner_id', '=', ownerId)
    .execute()
}

/** Moves the use of clients from one reseller or customer to another, of the same level. */
export async function moveUse(
  transaction: Transaction<Schema>,
  use: Use,
  owners: { from: string; to: string },
  at: { now: number; month: string },
): Promise<void> {
  await addSpace(transaction, owners.from, -use.bytes, at.now)
  await addSpace(transaction, owners.to, use.bytes, at.now)
  await addUnits(transaction, owners.from, -use.unitsTillDate, -use.unitsInMonth, at.month)
  await addUnits(transaction, owners.to, use.unitsTillDate, use.unitsInMonth, at.month)
}

async function addUnits(
  transaction: Transaction<Schema>,
  ownerId: string,
  tillDate: number,
  inMonth: number,
  month: string,
): Promise<void> {
  await transaction
    .updateTable('licence_use')
    .set((eb) => ({
      used_till_date: eb('used_till_date', '+', tillDate),
      used_in_month: sql<number>`case when month = ${month} then used_in_month else 0 end + ${inMonth}`,
      month,
    }))
    .where('owner_id', '=', ownerId)
    .execute()
}
