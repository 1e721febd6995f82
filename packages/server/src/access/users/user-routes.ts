import { ProblemError, type User } from '@granary/contract'
import type { CredentialHash } from '../credential-hash.ts'
import { changes, type RouteImplementation, reads } from '../implement-route.ts'
import {
  activateUser,
  deactivateUser,
  deleteUser,
  editUser,
  requireUser,
  resetSecondFactor,
} from './change-user.ts'
import { addInvitedUser, sendInvitation } from './invite-user.ts'
import { type PlacedUser, usersInScope } from './users-in-scope.ts'

/** Users at and below the place of whoever asks. */
export function userRoutes(links: CredentialHash): readonly RouteImplementation[] {
  return [
    reads('listUsers', async ({ actor, query }, queries) => {
      const page = await usersInScope(queries, actor.scope).page(query)
      return { ...page, items: page.items.map(shown) }
    }),
    reads('readUser', async ({ actor, params }, queries) => {
      const user = await usersInScope(queries, actor.scope).find(params.id)
      if (!user) throw new ProblemError('user-not-found')
      return shown(user)
    }),
    changes('inviteUser', async ({ actor, body, now, publicUrl }, transaction) => {
      const { id, formerId } = await addInvitedUser(transaction, actor, body, now)
      const user = await requireUser(transaction, actor, id)
      const link = await sendInvitation(transaction, links, {
        user,
        placeName: placeName(user),
        resellerId: resellerIdOf(user),
        inviter: actor.name,
        publicUrl,
        now,
      })
      const answer = { ...shown(await requireUser(transaction, actor, id)), link }
      const former = formerId !== null && { formerUser: formerId }
      const details = { role: answer.role, email: user.email, ...former }
      return { answer, record: { ...recordOf(user), details } }
    }),
    changes('resendInvitation', async ({ actor, params, now, publicUrl }, transaction) => {
      const user = await requireUser(transaction, actor, params.id)
      if (user.state !== 'invited') throw new ProblemError('state-conflict', { state: user.state })
      const link = await sendInvitation(transaction, links, {
        user,
        placeName: placeName(user),
        resellerId: resellerIdOf(user),
        inviter: actor.name,
        publicUrl,
        now,
      })
      const answer = { ...shown(await requireUser(transaction, actor, user.id)), link }
      return { answer, record: recordOf(user) }
    }),
    changes('editUser', async ({ actor, params, body }, transaction) => {
      const user = await editUser(transaction, actor, params.id, body)
      return { answer: shown(user), record: { ...recordOf(user), details: { role: shown(user).role } } }
    }),
    changes('activateUser', async ({ actor, params }, transaction) => {
      const user = await activateUser(transaction, actor, params.id)
      return { answer: shown(user), record: recordOf(user) }
    }),
    changes('deactivateUser', async ({ actor, params }, transaction) => {
      const user = await deactivateUser(transaction, actor, params.id)
      return { answer: shown(user), record: recordOf(user) }
    }),
    changes('resetSecondFactor', async ({ actor, params }, transaction) => {
      const user = await resetSecondFactor(transaction, actor, params.id)
      return { answer: shown(user), record: recordOf(user) }
    }),
    changes('deleteUser', async ({ actor, params, now }, transaction) => {
      const user = await deleteUser(transaction, actor, params.id, now)
      return { answer: null, record: { ...recordOf(user), details: { email: user.email } } }
    }),
  ]
}

function shown(row: PlacedUser): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: `${row.level}-${row.role}`,
    place: { id: row.customer_id ?? row.reseller_id, name: placeName(row) },
    state: row.state,
    invitationEndsAt: row.state === 'invited' ? row.invitation_ends_at : null,
    hasSecondFactor: row.has_second_factor === 1,
    lastSignInAt: row.last_sign_in_at,
    createdAt: row.created_at,
  }
}

function placeName(row: PlacedUser): string {
  return row.customer_name ?? row.reseller_name ?? 'Server'
}

function resellerIdOf(row: PlacedUser): string | null {
  return row.reseller_id ?? row.customer_reseller_id
}

function recordOf(row: PlacedUser) {
  return {
    target: row,
    resellerId: resellerIdOf(row),
    customerId: row.customer_id,
  }
}
