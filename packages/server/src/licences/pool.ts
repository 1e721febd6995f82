import { ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import { serverPoolId } from '../customers/customers.ts'
import type { Schema } from '../platform/database/schema.ts'
import { allotMcals, type SetBy } from '../resellers/resellers.ts'

/**
 * Adds MCALs to the server's pool, or takes some back. A pool without a number begins with as many left as are added.
 * @throws {ProblemError} pool-short when more is taken back than is left
 */
export async function addMcals(
  transaction: Transaction<Schema>,
  units: number,
  by: SetBy & { readonly note: string },
): Promise<void> {
  const before = await transaction
    .updateTable('licence_use')
    .set((eb) => ({ used_till_date: eb.ref('used_till_date') }))
    .where('owner_id', '=', serverPoolId)
    .returning(['allotted', 'used_till_date'])
    .executeTakeFirstOrThrow()
  const allotted = (before.allotted ?? before.used_till_date) + units
  const left = allotted - before.used_till_date
  if (left < 0) throw new ProblemError('pool-short', { left: left - units })
  await allotMcals(transaction, serverPoolId, allotted, by)
}

/** Lets the pool be without a number: clients draw as many MCALs as they require. */
export function unlimitPool(transaction: Transaction<Schema>, by: SetBy): Promise<void> {
  return allotMcals(transaction, serverPoolId, null, { ...by, note: '' })
}
