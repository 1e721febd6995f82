import { ProblemError } from '@granary/contract'
import type { Configuration } from 'openid-client'
import { openSecret } from '../../platform/sealed-secret.ts'
import type { ServerKey } from '../../platform/server-key.ts'
import type { OidcSettings } from './oidc-settings.ts'

const patienceSeconds = 10

/** What has to fit when the provider leads back. */
export interface OidcChecks {
  readonly verifier: string
  readonly nonce: string
  readonly redirectUrl: string
}

export interface OidcPerson {
  readonly subject: string
  /** Only where the provider has verified it */
  readonly verifiedEmail: string | null
}

/** Asks an identity provider about itself. @throws {ProblemError} oidc-unreachable, with the reason */
export async function discoverProvider(settings: OidcSettings, serverKey: ServerKey): Promise<Configuration> {
  const { allowInsecureRequests, discovery } = await import('openid-client')
  const issuer = new URL(settings.issuer)
  const isOnThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(issuer.hostname)
  if (issuer.protocol !== 'https:' && !isOnThisMachine) {
    throw new ProblemError('oidc-unreachable', { reason: 'Its address has to begin with https.' })
  }
  const secret = settings.sealedSecret === null ? undefined : openSecret(serverKey, settings.sealedSecret)
  try {
    return await discovery(issuer, settings.clientId, secret, undefined, {
      timeout: patienceSeconds,
      execute: isOnThisMachine ? [allowInsecureRequests] : [],
    })
  } catch (error) {
    throw new ProblemError('oidc-unreachable', { reason: reasonOf(error) }, { cause: error })
  }
}

/** Where to send the browser. @param state ties the way back to the browser that set out */
export async function authorizationUrl(
  provider: Configuration,
  { verifier, nonce, redirectUrl }: OidcChecks,
  state: string,
): Promise<string> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client')
  return buildAuthorizationUrl(provider, {
    redirect_uri: redirectUrl,
    scope: 'openid email profile',
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
  }).href
}

/** Who came back. @throws {ProblemError} oidc-refused when anything does not fit */
export async function personOf(
  provider: Configuration,
  checks: OidcChecks,
  { query, state }: { query: string; state: string },
): Promise<OidcPerson> {
  const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client')
  try {
    const tokens = await authorizationCodeGrant(provider, new URL(`${checks.redirectUrl}?${query}`), {
      pkceCodeVerifier: checks.verifier,
      expectedNonce: checks.nonce,
      expectedState: state,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new Error('No ID token')
    // Many providers tell the address only here.
    const more =
      claims.email === undefined && provider.serverMetadata().userinfo_endpoint
        ? await fetchUserInfo(provider, tokens.access_token, claims.sub)
        : claims
    const { email, email_verified: isVerified } = more
    return {
      subject: claims.sub,
      verifiedEmail: typeof email === 'string' && isVerified === true ? email : null,
    }
  } catch (error) {
    throw new ProblemError('oidc-refused', {}, { cause: error })
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error instanceof Error ? error.message : String(error)}${cause}`.slice(0, 300)
}
