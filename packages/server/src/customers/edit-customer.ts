import { type CustomerDetails, type CustomerPatch, ProblemError, whyNot } from '@granary/contract'
import type { Transaction } from 'kysely'
import { newPassKey } from '../access/access.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'
import { type SetBy, setLimits } from '../resellers/resellers.ts'
import { updateCustomer } from './customer-store.ts'

/**
 * Edits a customer, its state included: deactivated, its backups stop at their next object and restores go on.
 * @throws {ProblemError} name-taken, default-is-permanent
 */
export async function editCustomer(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  customer: Pick<CustomerDetails, 'id' | 'state' | 'isDefault'>,
  patch: CustomerPatch,
  by: SetBy,
): Promise<void> {
  if (patch.state === 'deactivated' && customer.isDefault) {
    throw new ProblemError('default-is-permanent', { reason: whyNot('deactivate', customer) })
  }
  try {
    await updateCustomer(transaction, customer.id, patch)
  } catch (error) {
    if (isUniqueViolation(error)) throw new ProblemError('name-taken', {}, { cause: error })
    throw error
  }
  await setLimits(transaction, customer.id, patch, by)
  await changeCounter.bump(transaction)
}

/** Replaces the pass key: unknown machines need the new one; clients that are in stay in. */
export async function rotatePassKey(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  customerId: string,
): Promise<void> {
  await updateCustomer(transaction, customerId, { passKey: newPassKey() })
  await changeCounter.bump(transaction)
}
