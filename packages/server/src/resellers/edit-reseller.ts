import { ProblemError, type ResellerDetails, type ResellerPatch, whyNot } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'
import { type SetBy, setLimits } from './limits.ts'
import { updateReseller } from './reseller-store.ts'

/**
 * Edits a reseller, its state included: deactivated, it stops the backups of all its customers at their next object.
 * @throws {ProblemError} name-taken, default-is-permanent
 */
export async function editReseller(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  reseller: Pick<ResellerDetails, 'id' | 'state' | 'isDefault'>,
  patch: ResellerPatch,
  by: SetBy,
): Promise<void> {
  if (patch.state === 'deactivated' && reseller.isDefault) {
    throw new ProblemError('default-is-permanent', { reason: whyNot('deactivate', reseller) })
  }
  try {
    await updateReseller(transaction, reseller.id, patch)
  } catch (error) {
    if (isUniqueViolation(error)) throw new ProblemError('name-taken', {}, { cause: error })
    throw error
  }
  await setLimits(transaction, reseller.id, patch, by)
  await changeCounter.bump(transaction)
}
