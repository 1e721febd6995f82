import { ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/**
 * Expects that a customer is still there, once something was put under it. By then its row is held, as its clients are
 * counted in it: whoever deletes it at the same instant came before, and is seen, or comes after.
 * @throws {ProblemError} customer-not-found
 */
export async function expectCustomer(transaction: Transaction<Schema>, id: string): Promise<void> {
  const found = await transaction
    .selectFrom('customers')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw new ProblemError('customer-not-found')
}
