import type { Account } from '@granary/contract'
import { mailTopicsFor, ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema, UserRow } from '../../platform/database/schema.ts'
import type { Actor } from '../actor.ts'
import { mailsOff } from '../mails-off.ts'

/** The row of who is signed in. */
export async function ownUser(queries: Kysely<Schema>, actor: Actor): Promise<UserRow> {
  return await queries.selectFrom('users').selectAll().where('id', '=', actor.id).executeTakeFirstOrThrow()
}

export async function ownAccount(queries: Kysely<Schema>, actor: Actor, now: number): Promise<Account> {
  const user = await ownUser(queries, actor)
  const passkeys = await queries
    .selectFrom('passkeys')
    .select(['id', 'name', 'created_at as createdAt', 'last_used_at as lastUsedAt'])
    .where('user_id', '=', user.id)
    .orderBy('created_at')
    .execute()
  const sessions = await queries
    .selectFrom('sessions')
    .select(['id', 'created_at as createdAt', 'last_used_at as lastUsedAt', 'address', 'browser'])
    .where('user_id', '=', user.id)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .execute()
  const codes = await queries
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('left'))
    .where('user_id', '=', user.id)
    .executeTakeFirstOrThrow()
  return {
    name: user.name,
    email: user.email,
    language: user.language,
    hasPassword: user.password_hash !== null,
    totp: user.totp_secret !== null,
    recoveryCodesLeft: codes.left,
    mails: { offered: [...mailTopicsFor(user)], off: mailsOff(user) },
    passkeys,
    sessions: sessions.map((session) => ({ ...session, isCurrent: session.id === actor.sessionId })),
  }
}

/** @throws {ProblemError} session-not-found for another user's too */
export async function endOwnSession(queries: Kysely<Schema>, actor: Actor, id: string): Promise<void> {
  const ended = await queries
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('user_id', '=', actor.id)
    .executeTakeFirst()
  if (ended.numDeletedRows === 0n) throw new ProblemError('session-not-found')
}

export async function endOtherSessions(queries: Kysely<Schema>, actor: Actor): Promise<number> {
  const ended = await queries
    .deleteFrom('sessions')
    .where('user_id', '=', actor.id)
    .where('id', '!=', actor.sessionId ?? '')
    .executeTakeFirst()
  return Number(ended.numDeletedRows)
}
