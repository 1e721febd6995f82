import { ProblemError } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Schema, UserRow } from '../../platform/database/schema.ts'
import { type CredentialHash, newSecret } from '../credential-hash.ts'

type Purpose = 'invitation' | 'password-reset'

const hour = 60 * 60_000
const lifeMs = { invitation: 7 * 24 * hour, 'password-reset': hour } as const satisfies Record<
  Purpose,
  number
>
const pages = { invitation: '/welcome', 'password-reset': '/new-password' } as const

/**
 * Makes a link by which a user chooses a password, once. A new invitation ends the older one; a new password is asked for
 * by anybody who knows the address, and must not take the link away that somebody else is about to use.
 * @returns its path and query
 */
export async function newOneTimeLink(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  { userId, purpose, now }: { userId: string; purpose: Purpose; now: number },
): Promise<string> {
  const token = newSecret()
  if (purpose === 'invitation') await endLinksOf(transaction, userId)
  await transaction
    .insertInto('one_time_links')
    .values({
      token_hash: hash.of(token),
      user_id: userId,
      purpose,
      created_at: now,
      expires_at: now + lifeMs[purpose],
    })
    .execute()
  return `${pages[purpose]}?token=${token}`
}

export async function endLinksOf(transaction: Transaction<Schema>, userId: string): Promise<void> {
  await transaction.deleteFrom('one_time_links').where('user_id', '=', userId).execute()
}

/**
 * Who a link is for.
 * @throws {ProblemError} link-invalid when unknown, used or expired, or its user was deactivated or deleted
 */
export async function findOneTimeLink(
  queries: Kysely<Schema>,
  hash: CredentialHash,
  { token, now }: { token: string; now: number },
): Promise<{ purpose: Purpose; user: UserRow }> {
  const row = await queries
    .selectFrom('one_time_links')
    .innerJoin('users', 'users.id', 'one_time_links.user_id')
    .selectAll('users')
    .select('one_time_links.purpose')
    .where('one_time_links.token_hash', '=', hash.of(token))
    .where('one_time_links.expires_at', '>', now)
    .where('users.deleted_at', 'is', null)
    .where('users.state', '!=', 'deactivated')
    .executeTakeFirst()
  if (!row) throw new ProblemError('link-invalid')
  const { purpose, ...user } = row
  return { purpose, user }
}

/** Uses a link up, and with it all others of its user: of two at the same instant one gets it. @throws {ProblemError} link-invalid */
export async function useOneTimeLink(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  link: { token: string; now: number },
): Promise<{ purpose: Purpose; user: UserRow }> {
  const found = await findOneTimeLink(transaction, hash, link)
  const used = await transaction
    .deleteFrom('one_time_links')
    .where('token_hash', '=', hash.of(link.token))
    .returning('user_id')
    .executeTakeFirst()
  if (!used) throw new ProblemError('link-invalid')
  await endLinksOf(transaction, used.user_id)
  return found
}
