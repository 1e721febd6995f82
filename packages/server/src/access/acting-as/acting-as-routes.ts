import { levels, ProblemError } from '@granary/contract'
import { recordOf } from '../account/account-routes.ts'
import { changes, type RouteImplementation } from '../implement-route.ts'
import { describeSession } from '../sign-in.ts'
import { usersInScope } from '../users/users-in-scope.ts'
import { actorOfUser } from './actor-of-user.ts'

/** Looking at the console as a user of a lower level, to see what they see or to do it for them. */
export function actingAsRoutes(version: string): readonly RouteImplementation[] {
  return [
    changes('actAsUser', async ({ actor, params, body, publicUrl }, transaction) => {
      const user = await usersInScope(transaction, actor.scope).find(params.id)
      if (!user) throw new ProblemError('user-not-found')
      const isLower = levels.indexOf(user.level) > levels.indexOf(actor.level)
      const seen = isLower && user.state === 'active' ? await actorOfUser(transaction, user.id) : null
      // No chains: who acts as somebody is that one, and nobody else on top.
      if (!seen || actor.behind)
        throw new ProblemError('state-conflict', { level: user.level, state: user.state })
      await transaction
        .updateTable('sessions')
        .set({ acting_as: user.id, acting_mode: body.mode })
        .where('id', '=', actor.sessionId ?? '')
        .execute()
      const behind = { id: actor.id, name: actor.name, mode: body.mode }
      return {
        answer: await describeSession(transaction, { ...seen, behind }, { version, publicUrl }),
        record: { ...recordOf(seen), details: { mode: body.mode } },
      }
    }),
    changes('stopActingAs', async ({ actor, publicUrl }, transaction) => {
      await transaction
        .updateTable('sessions')
        .set({ acting_as: null, acting_mode: null })
        .where('id', '=', actor.sessionId ?? '')
        .execute()
      const own = actor.behind ? await actorOfUser(transaction, actor.behind.id) : actor
      if (!own) throw new ProblemError('not-signed-in')
      return {
        answer: await describeSession(transaction, own, { version, publicUrl }),
        record: recordOf(actor),
      }
    }),
  ]
}
