import type { Kysely, Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import type { CredentialHash } from './credential-hash.ts'

type Purpose = 'totp' | 'passkey' | 'passkey-sign-in' | 'oidc'

/** People look for their phone. */
const lifeMs = 10 * 60_000

/** Remembers what somebody has to answer to, for a while and for one answer. @param token what they will show */
export async function keepChallenge(
  queries: Kysely<Schema>,
  hash: CredentialHash,
  challenge: { purpose: Purpose; token: string; userId: string | null; value: string; now: number },
): Promise<void> {
  const { purpose, token, userId, value, now } = challenge
  await queries.deleteFrom('challenges').where('expires_at', '<=', now).execute()
  await queries
    .insertInto('challenges')
    .values({ token_hash: hash.of(token), purpose, user_id: userId, value, expires_at: now + lifeMs })
    .execute()
}

/** @returns what was kept, once; undefined when unknown, answered before, or too late */
export async function takeChallenge(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  { purpose, token, userId, now }: { purpose: Purpose; token: string; userId: string | null; now: number },
): Promise<string | undefined> {
  const taken = await transaction
    .deleteFrom('challenges')
    .where('token_hash', '=', hash.of(token))
    .where('purpose', '=', purpose)
    .where('user_id', 'is not distinct from', userId)
    .where('expires_at', '>', now)
    .returning('value')
    .executeTakeFirst()
  return taken?.value
}
