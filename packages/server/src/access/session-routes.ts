import { atField, ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Schema, UserRow } from '../platform/database/schema.ts'
import { readMailSettings } from '../platform/mail/mail.ts'
import type { ServerKey } from '../platform/server-key.ts'
import type { CredentialHash } from './credential-hash.ts'
import { changes, changesAfter, type RouteImplementation, reads } from './implement-route.ts'
import { readOidcSettings } from './oidc/oidc-settings.ts'
import { hashPassword, passwordMatches } from './password-hash.ts'
import { checkSecondFactor } from './second-factor/second-factor.ts'
import { endedSessionCookies } from './session-cookie.ts'
import { endSession, endSessionsOf } from './session-store.ts'
import { useSetupLink } from './setup-link.ts'
import { describeSession, type SignInParts, signInAs } from './sign-in.ts'
import { accountSubject, takeAttempt } from './sign-in-attempts.ts'
import { emailKey, findUserByEmail, insertServerAdmin, renewServerAdmin } from './user-store.ts'

/** Signing in to the console by password, signing out, and the first administrator. */
export function sessionRoutes(
  parts: SignInParts & { setupLinks: CredentialHash; recoveryCodes: CredentialHash; serverKey: ServerKey },
): readonly RouteImplementation[] {
  const { setupLinks, version } = parts
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
        const known = await findUserByEmail(transaction, email)
        if (known && known.level !== 'server') {
          const errors = [atField('email', { code: 'user-of-tenant' })]
          throw new ProblemError('invalid-request', { errors })
        }
        if (known) await endSessionsOf(transaction, known.id)
        const user = known
          ? await renewServerAdmin(transaction, { id: known.id, name, passwordHash })
          : await insertServerAdmin(transaction, { name, email, passwordHash, now: request.now })
        return signInAs(parts, transaction, request, user, 'setup link')
      },
    ),
    reads('readSignInOptions', async (_request, queries) => {
      const oidc = await readOidcSettings(queries)
      const mail = await readMailSettings(queries)
      return { oidc: oidc.issuer === '' ? null : { label: oidc.label }, passwordReset: mail.host !== '' }
    }),
    changesAfter(
      'signIn',
      async (request, database) => {
        const { address, now } = request
        const { email, password } = request.body
        await database.transaction(async (transaction) => {
          const account = await accountSubject(transaction, { email: emailKey(email), address, now })
          await takeAttempt(transaction, account, now)
          await takeAttempt(transaction, { kind: 'address', name: address }, now)
        })
        const user = await findUserByEmail(database.queries, email)
        const matches = await passwordMatches(password, user?.password_hash ?? null)
        if (!user || !matches || user.state !== 'active') throw new ProblemError('sign-in-failed')
        return user
      },
      async (request, transaction, user) => {
        await holdUnchanged(transaction, user)
        const how = await checkSecondFactor(transaction, parts, {
          user,
          code: request.body.code,
          now: request.now,
        })
        return signInAs(parts, transaction, request, user, how)
      },
    ),
    reads('readSession', ({ actor, publicUrl }, queries) =>
      describeSession(queries, actor, { version, publicUrl }),
    ),
    changes('signOut', async ({ actor, publicUrl, setHeader }, transaction) => {
      if (actor.sessionId !== null) await endSession(transaction, actor.sessionId)
      const ended = endedSessionCookies({ secure: publicUrl.startsWith('https:') })
      for (const cookie of ended) setHeader('set-cookie', cookie)
      return { answer: null, record: { target: actor } }
    }),
  ]
}

/**
 * Holds a user whose password was just found to be right: whoever changes it or keeps them out at the same instant ends
 * their sessions, and has to come before this one begins, or see it.
 * @throws {ProblemError} sign-in-failed
 */
async function holdUnchanged(transaction: Transaction<Schema>, user: UserRow): Promise<void> {
  const held = await transaction
    .updateTable('users')
    .set((eb) => ({ password_hash: eb.ref('password_hash') }))
    .where('id', '=', user.id)
    .where('password_hash', '=', user.password_hash)
    .where('state', '=', 'active')
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (held.numUpdatedRows === 0n) throw new ProblemError('sign-in-failed')
}
