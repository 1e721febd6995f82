import type { RawBuilder, SqlBool, Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** What moves with clients from one account to another: bytes now stored. MCALs stay where they were drawn. */
export interface Use {
  readonly bytes: number
}

/** A condition on the rows of `clients`. */
export type ClientCondition = RawBuilder<SqlBool>

/** What living clients have used. Their rows have to be held by the transaction, or uploads may still move it. */
export async function useOf(transaction: Transaction<Schema>, which: ClientCondition): Promise<Use> {
  const space = await transaction
    .selectFrom('clients')
    .innerJoin('space', 'space.owner_id', 'clients.id')
    .select((eb) => eb.fn.sum<number | null>('space.used_bytes').as('bytes'))
    .where(which)
    .executeTakeFirstOrThrow()
  return { bytes: space.bytes ?? 0 }
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
  now: number,
): Promise<void> {
  await addSpace(transaction, owners.from, -use.bytes, now)
  await addSpace(transaction, owners.to, use.bytes, now)
}
