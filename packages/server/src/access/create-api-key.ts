import { levels, ProblemError, parseRoleName, type RoleName } from '@granary/contract'
import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { ApiKeyRow, Schema } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'
import { insertApiKey } from './api-key-store.ts'
import { newApiKey } from './authenticate-api-key.ts'
import type { CredentialHash } from './credential-hash.ts'
import { type Scope, within } from './scope.ts'

export interface NewApiKey {
  readonly name: string
  readonly role: RoleName
  /** The reseller or customer it belongs to; null or left out: one's own place, or the server */
  readonly place: string | null | undefined
  readonly expiresAt: number | null
}

/**
 * Makes an API key at or below one's own place.
 * @returns the key itself beside its row: only its keyed hash is stored
 * @throws {ProblemError} not-permitted for a level above one's own, reseller-not-found, customer-not-found, invalid-request
 */
export async function createApiKey(
  transaction: Transaction<Schema>,
  { scope, hash, createdBy, now }: { scope: Scope; hash: CredentialHash; createdBy: string; now: number },
  wanted: NewApiKey,
): Promise<{ row: ApiKeyRow; key: string }> {
  const { level, role } = parseRoleName(wanted.role)
  if (levels.indexOf(level) < levels.indexOf(scope.level)) {
    throw new ProblemError('not-permitted', { needed: wanted.role })
  }
  if (wanted.expiresAt !== null && wanted.expiresAt <= now) {
    throw new ProblemError('invalid-request', {
      errors: [{ path: 'expiresAt', message: 'It lies in the past.' }],
    })
  }
  const place = await placeOf(transaction, scope, level, wanted.place)
  const key = newApiKey()
  const row = await insertApiKey(transaction, {
    id: newId('apiKey'),
    name: wanted.name,
    secretHash: hash.of(key),
    level,
    role,
    ...place,
    createdBy,
    expiresAt: wanted.expiresAt,
    now,
  })
  return { row, key }
}

async function placeOf(
  transaction: Transaction<Schema>,
  scope: Scope,
  level: Scope['level'],
  wanted: string | null | undefined,
): Promise<{ resellerId: string | null; customerId: string | null }> {
  if (level === 'server') {
    if (wanted != null) throw refusedPlace('A server role belongs to the server: leave it out.')
    return { resellerId: null, customerId: null }
  }
  if (level === 'reseller') {
    const id = wanted ?? (scope.level === 'reseller' ? scope.resellerId : undefined)
    if (id === undefined) throw refusedPlace('The ID of the reseller is needed.')
    await requireReseller(transaction, scope, id)
    return { resellerId: id, customerId: null }
  }
  const id = wanted ?? (scope.level === 'customer' ? scope.customerId : undefined)
  if (id === undefined) throw refusedPlace('The ID of the customer is needed.')
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

function refusedPlace(message: string): ProblemError {
  return new ProblemError('invalid-request', { errors: [{ path: 'place', message }] })
}
