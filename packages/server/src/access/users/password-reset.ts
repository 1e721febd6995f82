import { letterheadOf } from '../../branding/branding.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import { addJob, type JobKind } from '../../platform/jobs/jobs.ts'
import { queueMail } from '../../platform/mail/mail.ts'
import type { CredentialHash } from '../credential-hash.ts'
import { wholeServer } from '../scope.ts'
import { findUserByEmail } from '../user-store.ts'
import { newOneTimeLink } from './one-time-links.ts'
import { usersInScope } from './users-in-scope.ts'

const kind = 'password-reset'

/** Asked for by anybody: whether there is such a user shows neither in the answer nor in how long it takes. */
export async function askForPasswordReset(
  transaction: Parameters<typeof addJob>[0],
  email: string,
  now: number,
): Promise<void> {
  await addJob(transaction, { kind, payload: { email }, now })
}

/** Mails the link to whoever the address belongs to, if to anybody. */
export function passwordResetJob(
  { database, clock }: { database: Database; clock: Clock },
  links: CredentialHash,
): JobKind {
  return {
    name: kind,
    async run({ payload }) {
      const { email } = payload as { email: string }
      await database.transaction(async (transaction) => {
        const found = await findUserByEmail(transaction, email)
        const user = found && (await usersInScope(transaction, wholeServer).find(found.id))
        if (user?.state !== 'active') return
        const letterhead = await letterheadOf(transaction, user.reseller_id ?? user.customer_reseller_id)
        if (letterhead === null) return
        const now = clock.now()
        const path = await newOneTimeLink(transaction, links, {
          userId: user.id,
          purpose: 'password-reset',
          now,
        })
        const mail = letterhead.write(user.language, ({ mail: { hello }, passwordLink: said }) => ({
          subject: said.subject,
          paragraphs: [hello(user.name), said.text],
          button: { label: said.button, path },
          footer: said.footer,
        }))
        await queueMail(transaction, { ...mail, to: user.email }, now)
      })
    },
  }
}
