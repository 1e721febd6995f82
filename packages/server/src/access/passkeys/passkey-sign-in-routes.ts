import { keepChallenge } from '../challenges.ts'
import type { CredentialHash } from '../credential-hash.ts'
import { changesAfter, type RouteImplementation, readsAfter } from '../implement-route.ts'
import { type SignInParts, signInAs } from '../sign-in.ts'
import { forgetAttempt, takeAttempt, takeBeginning } from '../sign-in-attempts.ts'
import { relyingParty } from './relying-party.ts'
import { userOfPasskey } from './sign-in-by-passkey.ts'

/** Signing in by passkey: the browser knows which ones there are, so nobody has to say who they are. */
export function passkeySignInRoutes(
  parts: SignInParts & { challenges: CredentialHash },
): readonly RouteImplementation[] {
  const { challenges } = parts
  return [
    readsAfter(
      'beginPasskeySignIn',
      (request, database) => takeBeginning(database, request),
      async ({ origin, now }, queries) => {
        const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
        const options = await generateAuthenticationOptions({
          rpID: relyingParty(origin).rpId,
          userVerification: 'required',
        })
        const { challenge: token } = options
        await keepChallenge(queries, challenges, {
          purpose: 'passkey-sign-in',
          token,
          userId: null,
          value: '',
          now,
        })
        return { options: { ...options } }
      },
    ),
    changesAfter(
      'signInByPasskey',
      async ({ address, now }, database) => {
        await database.transaction((transaction) =>
          takeAttempt(transaction, { kind: 'address', name: address }, now),
        )
      },
      async (request, transaction) => {
        const { origin, now } = request
        const { response } = request.body
        const user = await userOfPasskey(transaction, challenges, { response, origin, now })
        await forgetAttempt(transaction, { kind: 'begin-address', name: request.address })
        return signInAs(parts, transaction, request, user, 'passkey')
      },
    ),
  ]
}
