import { atField, ProblemError, parseRoleName, type RoleName } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { ApiKeyRow, Schema } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'
import { insertApiKey } from './api-key-store.ts'
import { newApiKey } from './authenticate-api-key.ts'
import type { CredentialHash } from './credential-hash.ts'
import { placeFor } from './place-for.ts'
import type { Scope } from './scope.ts'

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
  if (wanted.expiresAt !== null && wanted.expiresAt <= now) {
    throw new ProblemError('invalid-request', {
      errors: [atField('expiresAt', { code: 'in-the-past' })],
    })
  }
  const place = await placeFor(transaction, scope, wanted)
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
