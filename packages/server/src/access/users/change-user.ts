import { atField, ProblemError, parseRoleName, type UserPatch } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Schema } from '../../platform/database/schema.ts'
import type { Actor } from '../actor.ts'
import { endSecondFactors } from '../second-factor/second-factor.ts'
import { endSessionsOf } from '../session-store.ts'
import { endLinksOf } from './one-time-links.ts'
import { type PlacedUser, usersInScope } from './users-in-scope.ts'

/** @throws {ProblemError} user-not-found */
export async function requireUser(
  transaction: Transaction<Schema>,
  actor: Actor,
  id: string,
): Promise<PlacedUser> {
  const user = await usersInScope(transaction, actor.scope).find(id)
  if (!user) throw new ProblemError('user-not-found')
  return user
}

/** @throws {ProblemError} user-not-found, own-account, last-administrator, invalid-request for a role at another level */
export async function editUser(
  transaction: Transaction<Schema>,
  actor: Actor,
  id: string,
  patch: UserPatch,
): Promise<PlacedUser> {
  const user = await requireUser(transaction, actor, id)
  const wanted = patch.role && parseRoleName(patch.role)
  if (wanted && wanted.level !== user.level) {
    const errors = [atField('role', { code: 'role-of-another-level', level: user.level })]
    throw new ProblemError('invalid-request', { errors })
  }
  const losesRole = wanted !== undefined && wanted.role !== user.role
  if (losesRole) await requireAnotherAdministrator(transaction, actor, user)
  await transaction
    .updateTable('users')
    .set({ name: patch.name ?? user.name, role: wanted?.role ?? user.role })
    .where('id', '=', id)
    .execute()
  return requireUser(transaction, actor, id)
}

/** @throws {ProblemError} user-not-found */
export async function activateUser(
  transaction: Transaction<Schema>,
  actor: Actor,
  id: string,
): Promise<PlacedUser> {
  const user = await requireUser(transaction, actor, id)
  if (user.state === 'deactivated') {
    const state = user.password_hash === null ? 'invited' : 'active'
    await transaction.updateTable('users').set({ state }).where('id', '=', id).execute()
  }
  return requireUser(transaction, actor, id)
}

/** Keeps a user out from this moment on. @throws {ProblemError} user-not-found, own-account, last-administrator */
export async function deactivateUser(
  transaction: Transaction<Schema>,
  actor: Actor,
  id: string,
): Promise<PlacedUser> {
  const user = await requireUser(transaction, actor, id)
  await requireAnotherAdministrator(transaction, actor, user)
  await transaction.updateTable('users').set({ state: 'deactivated' }).where('id', '=', id).execute()
  await endAccess(transaction, id)
  return requireUser(transaction, actor, id)
}

/** @throws {ProblemError} user-not-found, own-account, last-administrator */
export async function deleteUser(
  transaction: Transaction<Schema>,
  actor: Actor,
  id: string,
  now: number,
): Promise<PlacedUser> {
  const user = await requireUser(transaction, actor, id)
  await requireAnotherAdministrator(transaction, actor, user)
  await markDeleted(transaction, id, now)
  return user
}

/** Deletes a user, whose address is free then. */
export async function markDeleted(transaction: Transaction<Schema>, id: string, now: number): Promise<void> {
  await transaction.updateTable('users').set({ deleted_at: now }).where('id', '=', id).execute()
  await endAccess(transaction, id)
}

/**
 * For somebody who lost what they sign in with: the password alone is enough again, until they add something anew.
 * @throws {ProblemError} user-not-found, own-account
 */
export async function resetSecondFactor(
  transaction: Transaction<Schema>,
  actor: Actor,
  id: string,
): Promise<PlacedUser> {
  const user = await requireUser(transaction, actor, id)
  if (actor.kind === 'user' && actor.id === user.id) throw new ProblemError('own-account')
  await endSecondFactors(transaction, id)
  await endSessionsOf(transaction, id)
  return requireUser(transaction, actor, id)
}

async function endAccess(transaction: Transaction<Schema>, userId: string): Promise<void> {
  await endSessionsOf(transaction, userId)
  await endLinksOf(transaction, userId)
}

/** Nobody locks themself out, and the server keeps somebody who can sign in and do everything. */
async function requireAnotherAdministrator(
  transaction: Transaction<Schema>,
  actor: Actor,
  user: PlacedUser,
): Promise<void> {
  if (actor.kind === 'user' && actor.id === user.id) throw new ProblemError('own-account')
  if (user.level !== 'server' || user.role !== 'admin' || user.state !== 'active') return
  // Holds others who remove an administrator at the same instant off until the commit: each would count the other.
  await transaction
    .updateTable('change_counter')
    .set((eb) => ({ value: eb.ref('value') }))
    .execute()
  const other = await transaction
    .selectFrom('users')
    .select('id')
    .where('level', '=', 'server')
    .where('role', '=', 'admin')
    .where('state', '=', 'active')
    .where('deleted_at', 'is', null)
    .where('id', '!=', user.id)
    .limit(1)
    .executeTakeFirst()
  if (!other) throw new ProblemError('last-administrator')
}
