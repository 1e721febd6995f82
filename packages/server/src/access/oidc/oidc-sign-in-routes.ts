import { ProblemError } from '@granary/contract'
import type { ServerKey } from '../../platform/server-key.ts'
import { keepChallenge, takeChallenge } from '../challenges.ts'
import { type CredentialHash, newSecret } from '../credential-hash.ts'
import { changesAfter, type RouteImplementation, readsAfter } from '../implement-route.ts'
import { type SignInParts, signInAs } from '../sign-in.ts'
import { forgetAttempt, takeAttempt, takeBeginning } from '../sign-in-attempts.ts'
import { authorizationUrl, discoverProvider, type OidcChecks, personOf } from './identity-provider.ts'
import { readOidcSettings, redirectUrlOf } from './oidc-settings.ts'
import { userOfIdentity } from './user-of-identity.ts'

/**
 * Ties the way back from the provider to the browser that set out: without it, somebody could be signed in as the
 * attacker whose link they followed.
 */
const cookieName = 'granary_oidc'
const cookiePath = '/api/v1/session/oidc'
const cookieLifeSeconds = 600

/** Signing in by an identity provider: by authorization code with PKCE. */
export function oidcSignInRoutes(
  parts: SignInParts & { challenges: CredentialHash; serverKey: ServerKey },
): readonly RouteImplementation[] {
  const { challenges, serverKey } = parts
  return [
    readsAfter(
      'beginOidcSignIn',
      (request, database) => takeBeginning(database, request),
      async ({ origin, now, setHeader }, queries) => {
        const settings = await readOidcSettings(queries)
        if (settings.issuer === '') throw new ProblemError('oidc-not-set-up')
        const provider = await discoverProvider(settings, serverKey)
        const [state, secret] = [newSecret(), newSecret()]
        const checks: OidcChecks = {
          // RFC 7636: 43 characters at least.
          verifier: newSecret() + newSecret(),
          nonce: newSecret(),
          redirectUrl: redirectUrlOf(origin),
        }
        await keepChallenge(queries, challenges, {
          purpose: 'oidc',
          token: `${state} ${secret}`,
          userId: null,
          value: JSON.stringify(checks),
          now,
        })
        const secure = origin.startsWith('https:') ? '; Secure' : ''
        const cookie = `${cookieName}=${secret}; Path=${cookiePath}; HttpOnly; SameSite=Lax`
        setHeader('set-cookie', `${cookie}; Max-Age=${cookieLifeSeconds}${secure}`)
        return { url: await authorizationUrl(provider, checks, state) }
      },
    ),
    changesAfter(
      'signInByOidc',
      async ({ body, address, cookie, now }, database) => {
        await database.transaction((transaction) =>
          takeAttempt(transaction, { kind: 'address', name: address }, now),
        )
        const state = new URLSearchParams(body.query).get('state') ?? ''
        const token = `${state} ${cookie(cookieName) ?? ''}`
        const kept = await database.transaction((transaction) =>
          takeChallenge(transaction, challenges, { purpose: 'oidc', token, userId: null, now }),
        )
        if (kept === undefined) throw new ProblemError('oidc-refused')
        const settings = await readOidcSettings(database.queries)
        if (settings.issuer === '') throw new ProblemError('oidc-refused')
        const provider = await discoverProvider(settings, serverKey)
        const person = await personOf(provider, JSON.parse(kept) as OidcChecks, { query: body.query, state })
        return { issuer: settings.issuer, person }
      },
      async (request, transaction, { issuer, person }) => {
        const user = await userOfIdentity(transaction, issuer, person)
        await forgetAttempt(transaction, { kind: 'begin-address', name: request.address })
        return signInAs(parts, transaction, request, user, 'identity provider')
      },
    ),
  ]
}
