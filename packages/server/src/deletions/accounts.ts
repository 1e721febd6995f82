import type { RawBuilder, SqlBool, Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** What moves with clients from one account to another: bytes stored and in the trash. MCALs stay where they were drawn. */
export interface Use {
  readonly bytes: number
  readonly trashBytes: number
}

/** A condition on the rows of `clients`. */
export type ClientCondition = RawBuilder<SqlBool>

/** What clients have used. Their rows have to be held by the transaction, or uploads may still move it. */
export async function useOf(transaction: Transaction<Schema>, which: ClientCondition): Promise<Use> {
  const space = await transaction
    .selectFrom('clients')
    .innerJoin('space', 'space.owner_id', 'clients.id')
    .select((eb) => [
      eb.fn.sum<number | null>('space.used_bytes').as('bytes'),
      eb.fn.sum<number | null>('space.trash_bytes').as('trash'),
    ])
    .where(which)
    .executeTakeFirstOrThrow()
  return { bytes: space.bytes ?? 0, trashBytes: space.trash ?? 0 }
}

/** Moves bytes into accounts of space, or, below zero, out of them. */
export async function addSpace(
  transaction: Transaction<Schema>,
  ownerId: string,
  bytes: { used?: number; trash?: number; reserved?: number },
  now: number,
): Promise<void> {
  const { used = 0, trash = 0, reserved = 0 } = bytes
  await transaction
    .updateTable('space')
    .set((eb) => ({
      used_bytes: eb('used_bytes', '+', used),
      trash_bytes: eb('trash_bytes', '+', trash),
      reserved_bytes: eb('reserved_bytes', '+', reserved),
      changed_at: now,
    }))
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
  const { bytes, trashBytes } = use
  await addSpace(transaction, owners.from, { used: -bytes, trash: -trashBytes }, now)
  await addSpace(transaction, owners.to, { used: bytes, trash: trashBytes }, now)
}
