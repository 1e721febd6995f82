import { type MailTopic, ProblemError } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import { type CredentialHash, mailsOff, mailsOffColumn } from '../access/access.ts'
import type { Schema, UserRow } from '../platform/database/schema.ts'
import { readUnsubscribeToken } from './unsubscribe-link.ts'

interface Unsubscription {
  readonly user: UserRow
  readonly topics: readonly MailTopic[]
}

/** Whom a link takes off what. @throws {ProblemError} unsubscribe-link-invalid when its user is gone, too */
export async function findUnsubscription(
  queries: Kysely<Schema>,
  hash: CredentialHash,
  token: string,
): Promise<Unsubscription> {
  const { userId, topics } = readUnsubscribeToken(hash, token)
  const user = await queries
    .selectFrom('users')
    .selectAll()
    .where('id', '=', userId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!user) throw new ProblemError('unsubscribe-link-invalid')
  return { user, topics }
}

/** Takes a user off what a mail told of. Asked for twice, it is the same. */
export async function unsubscribe(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  token: string,
): Promise<Unsubscription> {
  const { user, topics } = await findUnsubscription(transaction, hash, token)
  const mails_off = mailsOffColumn([...mailsOff(user), ...topics])
  await transaction.updateTable('users').set({ mails_off }).where('id', '=', user.id).execute()
  return { user: { ...user, mails_off }, topics }
}

export function shownUnsubscription({ user, topics }: Unsubscription) {
  return { email: user.email, topics: [...topics], off: mailsOff(user) }
}

/** What the audit log says of it. */
export function recordOfUnsubscription({ user, topics }: Unsubscription) {
  return {
    target: user,
    actor: user,
    resellerId: user.reseller_id,
    customerId: user.customer_id,
    details: { topics },
  }
}
