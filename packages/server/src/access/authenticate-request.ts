import type { IncomingMessage } from 'node:http'
import { ProblemError } from '@granary/contract'
import type { Database } from '../platform/database/database.ts'
import type { Actor } from './actor.ts'
import { authenticateApiKey } from './authenticate-api-key.ts'
import type { CredentialHash } from './credential-hash.ts'
import { readSessionCookie } from './session-cookie.ts'
import { findSession } from './session-store.ts'

export interface Credentials {
  readonly apiKeys: CredentialHash
  readonly sessions: CredentialHash
}

/**
 * Who sends a request: an API key in `Authorization: Bearer`, or else the user of the session cookie.
 * @throws {ProblemError} not-signed-in, api-key-invalid
 */
export async function authenticateRequest(
  { database, credentials, now }: { database: Database; credentials: Credentials; now: number },
  request: IncomingMessage,
): Promise<Actor> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    if (key === undefined) throw new ProblemError('not-signed-in')
    return authenticateApiKey({ database, hash: credentials.apiKeys, now }, key)
  }
  const token = readSessionCookie(request)
  const actor = token && (await findSession({ database, hash: credentials.sessions, now }, token))
  if (!actor) throw new ProblemError('not-signed-in')
  return actor
}
