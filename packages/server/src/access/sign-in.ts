import { type Language, ProblemError, type Session } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import { brandOf } from '../branding/branding.ts'
import type { Schema, UserRow } from '../platform/database/schema.ts'
import { underHostName } from '../platform/http/public-url.ts'
import { readMailSettings } from '../platform/mail/mail.ts'
import { readSettings } from '../platform/settings.ts'
import { type Actor, type ActorColumns, actorFrom, placeIdOf, resellerOf } from './actor.ts'
import type { CredentialHash } from './credential-hash.ts'
import type { Changed } from './route-request.ts'
import { sessionCookie } from './session-cookie.ts'
import { beginSession } from './session-store.ts'
import { accountSubject, forgetAttempt } from './sign-in-attempts.ts'

export interface SignInParts {
  readonly sessions: CredentialHash
  readonly version: string
}

/** What signing in has to know of the request. */
interface SignInRequest {
  readonly address: string
  readonly browser: string
  readonly now: number
  readonly publicUrl: string
  setHeader(name: string, value: string): void
}

/**
 * Signs a user in, however they have shown who they are; the cookie only matters once that has been committed and
 * answered.
 * @param how for the audit log
 * @throws {ProblemError} sign-in-failed when their place was deleted
 */
export async function signInAs(
  { sessions, version }: SignInParts,
  transaction: Transaction<Schema>,
  request: SignInRequest,
  user: UserRow,
  how: string,
): Promise<Changed<Session>> {
  const { address, browser, now, publicUrl } = request
  const actor = actorFrom(await withPlace(transaction, user), 'user', { email: user.email, sessionId: null })
  if (!actor) throw new ProblemError('sign-in-failed')
  await forgetAttempt(transaction, await accountSubject(transaction, { email: user.email, address, now }))
  await forgetAttempt(transaction, { kind: 'address', name: address })
  const { token, lifeMs } = await beginSession(transaction, sessions, {
    ...{ userId: user.id, address, browser, now },
    secure: publicUrl.startsWith('https:'),
  })
  request.setHeader('set-cookie', sessionCookie(token, lifeMs))
  const { scope } = actor
  return {
    answer: await describeSession(transaction, actor, { version, publicUrl }),
    record: {
      target: user,
      actor: user,
      resellerId: scope.level === 'server' ? null : scope.resellerId,
      customerId: scope.level === 'customer' ? scope.customerId : null,
      details: { how },
    },
  }
}

export async function describeSession(
  queries: Kysely<Schema>,
  actor: Actor,
  server: { version: string; publicUrl: string },
): Promise<Session> {
  const { resellerManagement } = await readSettings(queries)
  const { host } = await readMailSettings(queries)
  const brand = await brandOf(queries, resellerOf(actor))
  return {
    user: { id: actor.id, name: actor.name, email: actor.email },
    language: await languageOf(queries, actor),
    level: actor.level,
    role: actor.role,
    place: { id: placeIdOf(actor), name: actor.placeName },
    behind: actor.behind && { name: actor.behind.name, mode: actor.behind.mode },
    brand,
    server: {
      version: server.version,
      url: underHostName(server.publicUrl, brand.hostName),
      resellerManagement,
      mail: host !== '',
    },
  }
}

/** None of their own while somebody looks as another user: the browser goes on in the one it has. */
async function languageOf(queries: Kysely<Schema>, actor: Actor): Promise<Language | null> {
  if (actor.behind !== null) return null
  const user = await queries
    .selectFrom('users')
    .select('language')
    .where('id', '=', actor.id)
    .executeTakeFirst()
  return user?.language ?? null
}

async function withPlace(transaction: Transaction<Schema>, user: UserRow): Promise<ActorColumns> {
  const place = await transaction
    .selectFrom('users')
    .leftJoin('resellers', (join) =>
      join.onRef('resellers.id', '=', 'users.reseller_id').on('resellers.deleted_at', 'is', null),
    )
    .leftJoin('customers', (join) =>
      join.onRef('customers.id', '=', 'users.customer_id').on('customers.deleted_at', 'is', null),
    )
    .select([
      'resellers.name as reseller_name',
      'customers.name as customer_name',
      'customers.reseller_id as customer_reseller_id',
    ])
    .where('users.id', '=', user.id)
    .executeTakeFirstOrThrow()
  return { ...user, ...place }
}
