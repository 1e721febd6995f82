import { ProblemError } from '@granary/contract'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Transaction } from 'kysely'
import type { Schema, UserRow } from '../../platform/database/schema.ts'
import { takeChallenge } from '../challenges.ts'
import type { CredentialHash } from '../credential-hash.ts'
import { challengeOf, relyingParty } from './relying-party.ts'

/**
 * Who a passkey's answer stands for.
 * @throws {ProblemError} passkey-refused, whatever is wrong with it
 */
export async function userOfPasskey(
  transaction: Transaction<Schema>,
  challenges: CredentialHash,
  answer: { response: Record<string, unknown>; origin: string; now: number },
): Promise<UserRow> {
  const { response, origin, now } = answer
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const challenge = challengeOf(response)
  const asked = { purpose: 'passkey-sign-in', token: challenge, userId: null, now } as const
  const isOurs = (await takeChallenge(transaction, challenges, asked)) !== undefined
  const passkey = await transaction
    .selectFrom('passkeys')
    .selectAll()
    .where('credential_id', '=', String(response.id ?? ''))
    .executeTakeFirst()
  if (!isOurs || !passkey) throw new ProblemError('passkey-refused')
  const { rpId, origins } = relyingParty(origin)
  const verified = await verifyAuthenticationResponse({
    // What it is made of is what the library verifies.
    response: response as unknown as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: origins,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id: passkey.credential_id,
      publicKey: new Uint8Array(passkey.public_key),
      counter: passkey.counter,
      transports: JSON.parse(passkey.transports),
    },
  }).catch((cause: unknown) => {
    throw new ProblemError('passkey-refused', {}, { cause })
  })
  if (!verified.verified) throw new ProblemError('passkey-refused')
  await transaction
    .updateTable('passkeys')
    .set({ counter: verified.authenticationInfo.newCounter, last_used_at: now })
    .where('id', '=', passkey.id)
    .execute()
  const user = await transaction
    .selectFrom('users')
    .selectAll()
    .where('id', '=', passkey.user_id)
    .where('deleted_at', 'is', null)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!user) throw new ProblemError('passkey-refused')
  return user
}
