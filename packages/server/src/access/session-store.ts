import type { Transaction } from 'kysely'
import { type Database, DatabaseFullError } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'
import { actorOfUser, isBelow } from './acting-as/actor-of-user.ts'
import { type Actor, type ActorColumns, actorFrom } from './actor.ts'
import type { CredentialHash } from './credential-hash.ts'
import { newSessionToken } from './session-cookie.ts'

const day = 24 * 60 * 60 * 1000
/** A session ends when it was not used for a week, and after a month in any case. */
const idleLifeMs = 7 * day
const wholeLifeMs = 30 * day
const usePrecisionMs = 60_000

/** Signs a user in. @param session.secure whether the browser is at an HTTPS address @returns the token for the cookie; only its keyed hash is stored */
export async function beginSession(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  session: { userId: string; address: string; browser: string; secure: boolean; now: number },
): Promise<{ id: string; token: string; lifeMs: number }> {
  const { userId, address, browser, secure, now } = session
  const token = newSessionToken({ secure })
  const id = newId('session')
  await transaction
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('expires_at', '<=', now)
    .execute()
  await transaction
    .insertInto('sessions')
    .values({
      id,
      user_id: userId,
      token_hash: hash.of(token),
      created_at: now,
      last_used_at: now,
      expires_at: now + idleLifeMs,
      address,
      browser,
      acting_as: null,
      acting_mode: null,
    })
    .execute()
  await transaction.updateTable('users').set({ last_sign_in_at: now }).where('id', '=', userId).execute()
  return { id, token, lifeMs: wholeLifeMs }
}

export async function endSession(transaction: Transaction<Schema>, id: string): Promise<void> {
  await transaction.deleteFrom('sessions').where('id', '=', id).execute()
}

export async function endSessionsOf(transaction: Transaction<Schema>, userId: string): Promise<void> {
  await transaction.deleteFrom('sessions').where('user_id', '=', userId).execute()
}

/** @returns null when the session ended, expired, or its user was deactivated, deleted, or lost their place */
export async function findSession(
  { database, hash, now }: { database: Database; hash: CredentialHash; now: number },
  token: string,
): Promise<Actor | null> {
  const row = await findRow(database, hash.of(token), now)
  if (!row) return null
  const actor = actorFrom(row, 'user', { email: row.email, sessionId: row.session_id })
  if (actor && row.last_used_at <= now - usePrecisionMs) await prolong(database, row, now)
  if (!actor || row.acting_as === null) return actor
  const seen = await actorOfUser(database.queries, row.acting_as)
  // Whom it acts as may have gone, or moved elsewhere, since: then it is itself again.
  if (!seen || !isBelow(actor.scope, seen.scope) || actor.role !== 'admin') return actor
  const behind = { id: actor.id, name: actor.name, mode: row.acting_mode ?? ('look' as const) }
  return { ...seen, sessionId: actor.sessionId, behind }
}

async function findRow(
  database: Database,
  tokenHash: Uint8Array,
  now: number,
): Promise<
  | (ActorColumns & {
      email: string
      session_id: string
      began_at: number
      last_used_at: number
      acting_as: string | null
      acting_mode: 'look' | 'act' | null
    })
  | undefined
> {
  return await database.queries
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .leftJoin('resellers', (join) =>
      join.onRef('resellers.id', '=', 'users.reseller_id').on('resellers.deleted_at', 'is', null),
    )
    .leftJoin('customers', (join) =>
      join.onRef('customers.id', '=', 'users.customer_id').on('customers.deleted_at', 'is', null),
    )
    .select([
      'users.id',
      'users.name',
      'users.email',
      'users.level',
      'users.role',
      'users.reseller_id',
      'users.customer_id',
      'resellers.name as reseller_name',
      'customers.name as customer_name',
      'customers.reseller_id as customer_reseller_id',
      'sessions.id as session_id',
      'sessions.created_at as began_at',
      'sessions.last_used_at',
      'sessions.acting_as',
      'sessions.acting_mode',
    ])
    .where('sessions.token_hash', '=', tokenHash)
    .where('sessions.expires_at', '>', now)
    .where('users.deleted_at', 'is', null)
    .where('users.state', '=', 'active')
    .executeTakeFirst()
}

async function prolong(
  database: Database,
  session: { session_id: string; began_at: number },
  now: number,
): Promise<void> {
  const expiresAt = Math.min(now + idleLifeMs, session.began_at + wholeLifeMs)
  try {
    await database.queries
      .updateTable('sessions')
      .set({ last_used_at: now, expires_at: expiresAt })
      .where('id', '=', session.session_id)
      .execute()
  } catch (error) {
    // With a full disk an administrator still has to be able to look around.
    if (!(error instanceof DatabaseFullError)) throw error
  }
}
