import { type Language, ProblemError, parseRoleName, type UserInput } from '@granary/contract'
import type { Transaction } from 'kysely'
import { brandOf, letterheadOf } from '../../branding/branding.ts'
import type { Schema, UserRow } from '../../platform/database/schema.ts'
import { underHostName } from '../../platform/http/public-url.ts'
import { queueMail } from '../../platform/mail/mail.ts'
import { newId } from '../../platform/new-id.ts'
import type { Actor } from '../actor.ts'
import type { CredentialHash } from '../credential-hash.ts'
import { placeFor } from '../place-for.ts'
import { emailKey, findUserByEmail } from '../user-store.ts'
import { markDeleted } from './change-user.ts'
import { newOneTimeLink } from './one-time-links.ts'

/**
 * Adds a user who has yet to choose a password. The address may be that of somebody whose customer or reseller was
 * deleted: who goes to work elsewhere is no user there any more, also when that place comes back.
 * @returns their ID, and that of the user whose address it was
 * @throws {ProblemError} not-permitted, email-taken, reseller-not-found, customer-not-found, invalid-request
 */
export async function addInvitedUser(
  transaction: Transaction<Schema>,
  actor: Actor,
  input: UserInput,
  now: number,
): Promise<{ id: string; formerId: string | null }> {
  const { level, role } = parseRoleName(input.role)
  const place = await placeFor(transaction, actor.scope, { role: input.role, place: input.place })
  const former = await findUserByEmail(transaction, input.email)
  if (former) {
    if (!(await hasLostPlace(transaction, former))) throw new ProblemError('email-taken')
    await markDeleted(transaction, former.id, now)
  }
  const id = newId('user')
  const added = await transaction
    .insertInto('users')
    .values({
      id,
      name: input.name,
      email: emailKey(input.email),
      password_hash: null,
      level,
      role,
      reseller_id: place.resellerId,
      customer_id: place.customerId,
      created_at: now,
      deleted_at: null,
      state: 'invited',
      last_sign_in_at: null,
      totp_secret: null,
      totp_last_step: 0,
      mails_off: '',
      language: input.language,
    })
    // Two at the same instant: the second finds the address taken.
    .onConflict((conflict) => conflict.column('email').where('deleted_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) throw new ProblemError('email-taken')
  return { id, formerId: former?.id ?? null }
}

async function hasLostPlace(transaction: Transaction<Schema>, user: UserRow): Promise<boolean> {
  const tenants = user.level === 'customer' ? 'customers' : 'resellers'
  const deleted = await transaction
    .selectFrom(tenants)
    .select('id')
    .where('id', '=', user.customer_id ?? user.reseller_id ?? '')
    .where('deleted_at', 'is not', null)
    .executeTakeFirst()
  return deleted !== undefined
}

/**
 * Sends an invitation, in the transaction that made it necessary.
 * @returns the link itself where there is no mail to bring it, otherwise null
 */
export async function sendInvitation(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  invitation: {
    user: { id: string; name: string; email: string; language: Language | null }
    placeName: string
    /** Whose people they are; null: the server's own */
    resellerId: string | null
    inviter: string
    publicUrl: string
    now: number
  },
): Promise<string | null> {
  const { user, placeName, resellerId, inviter, publicUrl, now } = invitation
  const path = await newOneTimeLink(transaction, hash, { userId: user.id, purpose: 'invitation', now })
  const letterhead = await letterheadOf(transaction, resellerId)
  if (letterhead === null) {
    const { hostName } = await brandOf(transaction, resellerId)
    return underHostName(publicUrl, hostName) + path
  }
  const mail = letterhead.write(user.language, ({ mail: { hello }, invitation: said }) => ({
    subject: said.subject(placeName),
    paragraphs: [hello(user.name), said.text(inviter, placeName)],
    button: { label: said.button, path },
    footer: said.footer,
  }))
  await queueMail(transaction, { ...mail, to: user.email }, now)
  return null
}
