import { ProblemError, type Session } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Schema, UserRow } from '../platform/database/schema.ts'
import { readSettings } from '../platform/settings.ts'
import { type Actor, type ActorColumns, actorFrom, placeIdOf } from './actor.ts'
import type { CredentialHash } from './credential-hash.ts'
import { changes, changesAfter, type RouteImplementation, reads } from './implement-route.ts'
import { hashPassword, passwordMatches } from './password-hash.ts'
import { endedSessionCookie, sessionCookie } from './session-cookie.ts'
import { beginSession, endSession, endSessionsOf } from './session-store.ts'
import { useSetupLink } from './setup-link.ts'
import { forgetAttempt, takeAttempt } from './sign-in-attempts.ts'
import { emailKey, findUserByEmail, insertServerAdmin, renewServerAdmin } from './user-store.ts'

/** Signing in and out of the console, and the first administrator. */
export function sessionRoutes(surroundings: {
  sessions: CredentialHash
  setupLinks: CredentialHash
  version: string
}): readonly RouteImplementation[] {
  const { sessions, setupLinks, version } = surroundings

  /** Signs in within the transaction; the cookie only matters once that has been committed and answered. */
  async function signIn(
    transaction: Transaction<Schema>,
    request: {
      address: string
      now: number
      publicUrl: string
      setHeader(name: string, value: string): void
    },
    user: UserRow,
  ): Promise<Session> {
    const { address, now, publicUrl } = request
    const actor = actorFrom(await withPlace(transaction, user), 'user', {
      email: user.email,
      sessionId: null,
    })
    if (!actor) throw new ProblemError('sign-in-failed')
    const { token, lifeMs } = await beginSession(transaction, sessions, { userId: user.id, address, now })
    request.setHeader('set-cookie', sessionCookie(token, { secure: publicUrl.startsWith('https:'), lifeMs }))
    return describe(transaction, actor, { version, publicUrl })
  }

  return [
    changesAfter(
      'setUpAdministrator',
      async (request, database) => {
        const subject = { kind: 'address', name: request.address } as const
        await database.transaction((transaction) => takeAttempt(transaction, subject, request.now))
        return hashPassword(request.body.password)
      },
      async (request, transaction, passwordHash) => {
        const { name, email, token } = request.body
        await useSetupLink(transaction, setupLinks, { token, now: request.now })
        await forgetAttempt(transaction, { kind: 'address', name: request.address })
        const known = await findUserByEmail(transaction, email)
        if (known && known.level !== 'server') {
          const errors = [{ path: 'email', message: 'It belongs to a user of a reseller or customer.' }]
          throw new ProblemError('invalid-request', { errors })
        }
        if (known) await endSessionsOf(transaction, known.id)
        const user = known
          ? await renewServerAdmin(transaction, { id: known.id, name, passwordHash })
          : await insertServerAdmin(transaction, { name, email, passwordHash, now: request.now })
        return { answer: await signIn(transaction, request, user), record: { target: user, actor: user } }
      },
    ),
    changesAfter(
      'signIn',
      async (request, database) => {
        const { email, password } = request.body
        await database.transaction(async (transaction) => {
          await takeAttempt(transaction, { kind: 'account', name: emailKey(email) }, request.now)
          await takeAttempt(transaction, { kind: 'address', name: request.address }, request.now)
        })
        const user = await findUserByEmail(database.queries, email)
        const matches = await passwordMatches(password, user?.password_hash ?? null)
        if (!user || !matches || user.state !== 'active') throw new ProblemError('sign-in-failed')
        return user
      },
      async (request, transaction, user) => {
        await forgetAttempt(transaction, { kind: 'account', name: user.email })
        await forgetAttempt(transaction, { kind: 'address', name: request.address })
        return { answer: await signIn(transaction, request, user), record: { target: user, actor: user } }
      },
    ),
    reads('readSession', ({ actor, publicUrl }, queries) => describe(queries, actor, { version, publicUrl })),
    changes('signOut', async ({ actor, publicUrl, setHeader }, transaction) => {
      if (actor.sessionId !== null) await endSession(transaction, actor.sessionId)
      setHeader('set-cookie', endedSessionCookie({ secure: publicUrl.startsWith('https:') }))
      return { answer: null, record: { target: actor } }
    }),
  ]
}

async function describe(
  queries: Kysely<Schema>,
  actor: Actor,
  server: { version: string; publicUrl: string },
): Promise<Session> {
  const { resellerManagement } = await readSettings(queries)
  return {
    user: { id: actor.id, name: actor.name, email: actor.email },
    level: actor.level,
    role: actor.role,
    place: { id: placeIdOf(actor), name: actor.placeName },
    server: { version: server.version, url: server.publicUrl, resellerManagement },
  }
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
