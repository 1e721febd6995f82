import { ProblemError, type ProtectionPatch, permits, routes } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Actor } from '../access/access.ts'
import type { Schema } from '../platform/database/schema.ts'
import { editProtection } from './protection-store.ts'

/**
 * Sets protection in the transaction that edits its place. Whoever calls it lets what processes cache be read again.
 * @param route what would set it by itself: it takes as much as that
 * @param places as `editProtection` takes them
 * @throws {ProblemError} not-permitted
 */
export async function editProtectionWithPlace(
  transaction: Transaction<Schema>,
  actor: Actor,
  route: 'editCustomerProtection' | 'editResellerProtection',
  places: readonly string[],
  patch: ProtectionPatch | undefined,
): Promise<void> {
  if (patch === undefined) return
  const { access } = routes[route]
  if (!permits(access, actor)) throw new ProblemError('not-permitted', { needed: access.role })
  await editProtection(transaction, places, patch)
}
