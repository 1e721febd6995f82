import { ProblemError } from '@granary/contract'
import type { Database } from '../../platform/database/database.ts'
import type { Actor } from '../actor.ts'
import { passwordMatches } from '../password-hash.ts'
import { forgetAttempt, takeAttempt } from '../sign-in-attempts.ts'
import { ownUser } from './account-store.ts'

/**
 * Asks for the password once more before how one signs in is changed: an unattended browser must not be enough.
 * Users who never had one (they sign in by an identity provider) are not asked.
 * @throws {ProblemError} password-wrong, too-many-attempts
 */
export async function confirmPassword(
  database: Database,
  { actor, now }: { actor: Actor; now: number },
  password: string,
): Promise<void> {
  const user = await ownUser(database.queries, actor)
  if (user.password_hash === null) return
  // Not those of signing in, which anybody can use up.
  const subject = { kind: 'confirmation', name: user.id } as const
  await database.transaction((transaction) => takeAttempt(transaction, subject, now))
  if (!(await passwordMatches(password, user.password_hash))) throw new ProblemError('password-wrong')
  await database.transaction((transaction) => forgetAttempt(transaction, subject))
}
