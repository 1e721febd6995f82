import { ProblemError } from '@granary/contract'
import type { AuthenticatorTransport, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Kysely } from 'kysely'
import { brandOf } from '../../branding/branding.ts'
import type { Schema } from '../../platform/database/schema.ts'
import { newId } from '../../platform/new-id.ts'
import { recordOf } from '../account/account-routes.ts'
import { ownAccount, ownUser } from '../account/account-store.ts'
import { confirmPassword } from '../account/confirm-password.ts'
import { resellerOf } from '../actor.ts'
import { keepChallenge, takeChallenge } from '../challenges.ts'
import type { CredentialHash } from '../credential-hash.ts'
import { changes, changesAfter, type RouteImplementation } from '../implement-route.ts'
import { challengeOf, relyingParty } from './relying-party.ts'

/** Adding and removing one's own passkeys. The library is loaded when somebody does: it takes memory. */
export function passkeyRoutes(challenges: CredentialHash): readonly RouteImplementation[] {
  return [
    changesAfter(
      'beginPasskey',
      async ({ actor, body, now }, database) => {
        await confirmPassword(database, { actor, now }, body.currentPassword)
        return import('@simplewebauthn/server')
      },
      async ({ actor, origin, now }, transaction, { generateRegistrationOptions }) => {
        const user = await ownUser(transaction, actor)
        const known = await credentialsOf(transaction, user.id)
        const brand = await brandOf(transaction, resellerOf(actor))
        const options = await generateRegistrationOptions({
          rpName: brand.productName,
          rpID: relyingParty(origin).rpId,
          userID: new TextEncoder().encode(user.id),
          userName: user.email,
          userDisplayName: user.name,
          attestationType: 'none',
          excludeCredentials: known,
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        })
        await keepChallenge(transaction, challenges, {
          purpose: 'passkey',
          token: options.challenge,
          userId: user.id,
          value: '',
          now,
        })
        return { answer: { options: { ...options } }, record: recordOf(actor) }
      },
    ),
    changesAfter(
      'addPasskey',
      () => import('@simplewebauthn/server'),
      async ({ actor, body, origin, now }, transaction, { verifyRegistrationResponse }) => {
        const challenge = challengeOf(body.response)
        const asked = { purpose: 'passkey', token: challenge, userId: actor.id, now } as const
        if ((await takeChallenge(transaction, challenges, asked)) === undefined) {
          throw new ProblemError('passkey-refused')
        }
        const { rpId, origins } = relyingParty(origin)
        const verified = await verifyRegistrationResponse({
          // What it is made of is what the library verifies.
          response: body.response as unknown as RegistrationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin: origins,
          expectedRPID: rpId,
          requireUserVerification: true,
        }).catch((cause: unknown) => {
          throw new ProblemError('passkey-refused', {}, { cause })
        })
        if (!verified.verified) throw new ProblemError('passkey-refused')
        const { credential } = verified.registrationInfo
        const added = await transaction
          .insertInto('passkeys')
          .values({
            id: newId('passkey'),
            credential_id: credential.id,
            user_id: actor.id,
            name: body.name.trim(),
            public_key: credential.publicKey,
            counter: credential.counter,
            transports: JSON.stringify(credential.transports ?? []),
            created_at: now,
            last_used_at: null,
          })
          .onConflict((conflict) => conflict.column('credential_id').doNothing())
          .executeTakeFirst()
        if (added.numInsertedOrUpdatedRows === 0n) throw new ProblemError('passkey-refused')
        return {
          answer: await ownAccount(transaction, actor, now),
          record: { ...recordOf(actor), details: { passkey: body.name } },
        }
      },
    ),
    changes('removePasskey', async ({ actor, params, now }, transaction) => {
      const removed = await transaction
        .deleteFrom('passkeys')
        .where('id', '=', params.id)
        .where('user_id', '=', actor.id)
        .returning('name')
        .executeTakeFirst()
      if (!removed) throw new ProblemError('passkey-not-found')
      return {
        answer: await ownAccount(transaction, actor, now),
        record: { ...recordOf(actor), details: { passkey: removed.name } },
      }
    }),
  ]
}

async function credentialsOf(
  queries: Kysely<Schema>,
  userId: string,
): Promise<{ id: string; transports: AuthenticatorTransport[] }[]> {
  const rows = await queries
    .selectFrom('passkeys')
    .select(['credential_id', 'transports'])
    .where('user_id', '=', userId)
    .execute()
  return rows.map((row) => ({ id: row.credential_id, transports: JSON.parse(row.transports) }))
}
