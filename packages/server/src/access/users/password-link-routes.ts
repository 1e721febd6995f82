import type { CredentialHash } from '../credential-hash.ts'
import { changesAfter, type RouteImplementation, reads } from '../implement-route.ts'
import { hashPassword } from '../password-hash.ts'
import { endSessionsOf } from '../session-store.ts'
import { forgetAttempt, takeAttempt } from '../sign-in-attempts.ts'
import { emailKey } from '../user-store.ts'
import { findOneTimeLink, useOneTimeLink } from './one-time-links.ts'
import { askForPasswordReset } from './password-reset.ts'

/** Where the links in mails lead: invitations, and new passwords for forgotten ones. */
export function passwordLinkRoutes(links: CredentialHash): readonly RouteImplementation[] {
  return [
    reads('readOneTimeLink', async ({ body, now }, queries) => {
      const { purpose, user } = await findOneTimeLink(queries, links, { token: body.token, now })
      return { purpose, name: user.name, email: user.email }
    }),
    changesAfter(
      'setPasswordByLink',
      async ({ body, now, address }, database) => {
        const subject = { kind: 'address', name: address } as const
        await database.transaction((transaction) => takeAttempt(transaction, subject, now))
        await findOneTimeLink(database.queries, links, { token: body.token, now })
        return hashPassword(body.password)
      },
      async ({ body, now, address }, transaction, passwordHash) => {
        const { user } = await useOneTimeLink(transaction, links, { token: body.token, now })
        await forgetAttempt(transaction, { kind: 'address', name: address })
        await forgetAttempt(transaction, { kind: 'account', name: user.email })
        await transaction
          .updateTable('users')
          .set({ password_hash: passwordHash, state: 'active' })
          .where('id', '=', user.id)
          .execute()
        await endSessionsOf(transaction, user.id)
        return { answer: null, record: { target: user, actor: user } }
      },
    ),
    changesAfter(
      'requestPasswordReset',
      async ({ body, now, address }, database) => {
        await database.transaction(async (transaction) => {
          await takeAttempt(transaction, { kind: 'reset-account', name: emailKey(body.email) }, now)
          await takeAttempt(transaction, { kind: 'reset-address', name: address }, now)
        })
      },
      async ({ body, now }, transaction) => {
        await askForPasswordReset(transaction, body.email, now)
        return { answer: null, record: { target: { id: '', name: emailKey(body.email) } } }
      },
    ),
  ]
}
