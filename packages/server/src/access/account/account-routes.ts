import { ProblemError } from '@granary/contract'
import { brandOf } from '../../branding/branding.ts'
import { openSecret, sealSecret } from '../../platform/sealed-secret.ts'
import type { ServerKey } from '../../platform/server-key.ts'
import { type Actor, resellerOf } from '../actor.ts'
import { keepChallenge, takeChallenge } from '../challenges.ts'
import type { CredentialHash } from '../credential-hash.ts'
import { changes, changesAfter, type RouteImplementation, reads } from '../implement-route.ts'
import { mailsOffColumn } from '../mails-off.ts'
import { hashPassword } from '../password-hash.ts'
import { endRecoveryCodes, newRecoveryCodes, useStep } from '../second-factor/second-factor.ts'
import { matchingStep, newTotpSecret, totpUri } from '../second-factor/totp.ts'
import { endLinksOf } from '../users/one-time-links.ts'
import { endOtherSessions, endOwnSession, ownAccount, ownUser } from './account-store.ts'
import { confirmPassword } from './confirm-password.ts'

/** One's own account: name, password, sessions, and the code besides the password. */
export function accountRoutes(parts: {
  serverKey: ServerKey
  recoveryCodes: CredentialHash
  challenges: CredentialHash
}): readonly RouteImplementation[] {
  const { serverKey, recoveryCodes, challenges } = parts
  return [
    reads('readAccount', ({ actor, now }, queries) => ownAccount(queries, actor, now)),
    changes('editAccount', async ({ actor, body, now }, transaction) => {
      const { name, language } = body
      const details = { ...(name !== undefined && { name }), ...(language !== undefined && { language }) }
      if (Object.keys(details).length > 0) {
        await transaction.updateTable('users').set(details).where('id', '=', actor.id).execute()
      }
      return { answer: await ownAccount(transaction, actor, now), record: { ...recordOf(actor), details } }
    }),
    changes('editAccountMails', async ({ actor, body, now }, transaction) => {
      await transaction
        .updateTable('users')
        .set({ mails_off: mailsOffColumn(body.off) })
        .where('id', '=', actor.id)
        .execute()
      return {
        answer: await ownAccount(transaction, actor, now),
        record: { ...recordOf(actor), details: { off: body.off } },
      }
    }),
    changesAfter(
      'changePassword',
      async ({ actor, now, body }, database) => {
        await confirmPassword(database, { actor, now }, body.currentPassword)
        return hashPassword(body.password)
      },
      async ({ actor, now }, transaction, passwordHash) => {
        await transaction
          .updateTable('users')
          .set({ password_hash: passwordHash })
          .where('id', '=', actor.id)
          .execute()
        await endOtherSessions(transaction, actor)
        // Nor does a link that was mailed before choose another one.
        await endLinksOf(transaction, actor.id)
        return { answer: await ownAccount(transaction, actor, now), record: recordOf(actor) }
      },
    ),
    changes('endAccountSession', async ({ actor, params, now }, transaction) => {
      await endOwnSession(transaction, actor, params.id)
      return { answer: await ownAccount(transaction, actor, now), record: recordOf(actor) }
    }),
    changes('endOtherSessions', async ({ actor, now }, transaction) => {
      const sessions = await endOtherSessions(transaction, actor)
      return {
        answer: await ownAccount(transaction, actor, now),
        record: { ...recordOf(actor), details: { sessions } },
      }
    }),
    changesAfter(
      'beginTotp',
      ({ actor, now, body }, database) => confirmPassword(database, { actor, now }, body.currentPassword),
      async ({ actor, now }, transaction) => {
        const user = await ownUser(transaction, actor)
        if (user.totp_secret !== null) throw new ProblemError('state-conflict', { totp: true })
        const secret = newTotpSecret()
        await transaction
          .deleteFrom('challenges')
          .where('user_id', '=', user.id)
          .where('purpose', '=', 'totp')
          .execute()
        await keepChallenge(transaction, challenges, {
          purpose: 'totp',
          token: user.id,
          userId: user.id,
          value: sealSecret(serverKey, secret),
          now,
        })
        const { productName: issuer } = await brandOf(transaction, resellerOf(actor))
        const answer = { secret, uri: totpUri(secret, { issuer, account: user.email }) }
        return { answer, record: recordOf(actor) }
      },
    ),
    changes('confirmTotp', async ({ actor, body, now }, transaction) => {
      const challenge = { purpose: 'totp', token: actor.id, userId: actor.id, now } as const
      const sealed = await takeChallenge(transaction, challenges, challenge)
      if (sealed === undefined) throw new ProblemError('state-conflict', { totp: 'not begun' })
      const step = matchingStep(openSecret(serverKey, sealed), body.code, now)
      if (step === undefined) throw new ProblemError('second-factor-wrong')
      await useStep(transaction, actor.id, step)
      await transaction.updateTable('users').set({ totp_secret: sealed }).where('id', '=', actor.id).execute()
      const codes = await newRecoveryCodes(transaction, recoveryCodes, actor.id)
      return { answer: { recoveryCodes: codes }, record: recordOf(actor) }
    }),
    changesAfter(
      'removeTotp',
      ({ actor, now, body }, database) => confirmPassword(database, { actor, now }, body.currentPassword),
      async ({ actor, now }, transaction) => {
        await transaction.updateTable('users').set({ totp_secret: null }).where('id', '=', actor.id).execute()
        await endRecoveryCodes(transaction, actor.id)
        return { answer: await ownAccount(transaction, actor, now), record: recordOf(actor) }
      },
    ),
    changesAfter(
      'renewRecoveryCodes',
      ({ actor, now, body }, database) => confirmPassword(database, { actor, now }, body.currentPassword),
      async ({ actor }, transaction) => {
        const user = await ownUser(transaction, actor)
        if (user.totp_secret === null) throw new ProblemError('state-conflict', { totp: false })
        const codes = await newRecoveryCodes(transaction, recoveryCodes, actor.id)
        return { answer: { recoveryCodes: codes }, record: recordOf(actor) }
      },
    ),
  ]
}

export function recordOf(actor: Actor) {
  const { scope } = actor
  return {
    target: actor,
    resellerId: scope.level === 'server' ? null : scope.resellerId,
    customerId: scope.level === 'customer' ? scope.customerId : null,
  }
}
