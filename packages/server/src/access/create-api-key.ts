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
  /** Null: never; left out: when the key expires that makes it, or never */
  readonly expiresAt?: number | null | undefined
}

/**
 * Makes an API key at or below one's own place.
 * @returns the key itself beside its row: only its keyed hash is stored
 * @throws {ProblemError} not-permitted for a level above one's own, reseller-not-found, customer-not-found, invalid-request
 */
export async function createApiKey(
  transaction: Transaction<Schema>,
  {
    scope,
    hash,
    createdBy,
    makerExpiresAt = null,
    now,
  }: {
    scope: Scope
    hash: CredentialHash
    createdBy: string
    /** Of the key that makes it, if it is made by one that expires: what it has made must not outlive it. */
    makerExpiresAt?: number | null
    now: number
  },
  wanted: NewApiKey,
): Promise<{ row: ApiKeyRow; key: string }> {
  const { level, role } = parseRoleName(wanted.role)
  const expiresAt = wanted.expiresAt === undefined ? makerExpiresAt : wanted.expiresAt
  if (expiresAt !== null && expiresAt <= now) throw refusedExpiry('in-the-past')
  if (makerExpiresAt !== null && (expiresAt === null || expiresAt > makerExpiresAt)) {
    throw refusedExpiry('beyond-own-key')
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
    expiresAt,
    now,
  })
  return { row, key }
}

function refusedExpiry(code: 'in-the-past' | 'beyond-own-key'): ProblemError {
  return new ProblemError('invalid-request', { errors: [atField('expiresAt', { code })] })
}
