import { atField, levels, ProblemError, parseRoleName, type RoleName } from '@granary/contract'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { expectResellerManagement } from '../platform/settings.ts'
import { type Scope, within } from './scope.ts'

/** Where somebody belongs: neither is the server. */
export interface Place {
  readonly resellerId: string | null
  readonly customerId: string | null
}

/**
 * The place of a new user or API key, at or below the place of whoever makes it.
 * @param asked.place the ID of a reseller or customer; one's own place, or the server, when left out
 * @throws {ProblemError} not-permitted for a level above one's own, reseller-management-off, reseller-not-found,
 *   customer-not-found, invalid-request
 */
export async function placeFor(
  transaction: Transaction<Schema>,
  scope: Scope,
  asked: { role: RoleName; place: string | null | undefined },
): Promise<Place> {
  const { level } = parseRoleName(asked.role)
  if (levels.indexOf(level) < levels.indexOf(scope.level)) {
    throw new ProblemError('not-permitted', { needed: asked.role })
  }
  const wanted = asked.place
  if (level === 'server') {
    if (wanted != null) throw refusedPlace('place-of-server-role')
    return { resellerId: null, customerId: null }
  }
  if (level === 'reseller') {
    const id = wanted ?? (scope.level === 'reseller' ? scope.resellerId : undefined)
    if (id === undefined) throw refusedPlace('reseller-needed')
    await expectResellerManagement(transaction)
    await requireReseller(transaction, scope, id)
    return { resellerId: id, customerId: null }
  }
  const id = wanted ?? (scope.level === 'customer' ? scope.customerId : undefined)
  if (id === undefined) throw refusedPlace('customer-needed')
  await requireCustomer(transaction, scope, id)
  return { resellerId: null, customerId: id }
}

async function requireReseller(transaction: Transaction<Schema>, scope: Scope, id: string): Promise<void> {
  const found = await transaction
    .selectFrom('resellers')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .where(within(scope, { reseller: sql`id` }))
    .executeTakeFirst()
  if (!found) throw new ProblemError('reseller-not-found')
}

async function requireCustomer(transaction: Transaction<Schema>, scope: Scope, id: string): Promise<void> {
  const found = await transaction
    .selectFrom('customers')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .where(within(scope, { reseller: sql`reseller_id`, customer: sql`id` }))
    .executeTakeFirst()
  if (!found) throw new ProblemError('customer-not-found')
}

function refusedPlace(code: 'place-of-server-role' | 'reseller-needed' | 'customer-needed'): ProblemError {
  return new ProblemError('invalid-request', { errors: [atField('place', { code })] })
}
