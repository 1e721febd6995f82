import { z } from 'zod'
import { mailTopics } from './alerts.ts'
import { fault } from './faults.ts'
import { id, line, name, timestamp } from './fields.ts'
import { language } from './languages.ts'
import { password } from './sessions.ts'

/** One's own account: how one signs in, and where one is signed in. */

const ownLanguage = language
  .nullable()
  .describe(
    'Of their mails and of the console; null: mails as the server’s settings say, the console as the browser wishes',
  )

export const account = z
  .object({
    name: z.string(),
    email: z.string(),
    language: ownLanguage,
    hasPassword: z.boolean().describe('False for those who only ever signed in by OIDC'),
    totp: z.boolean().describe('Whether signing in by password asks for a code besides'),
    recoveryCodesLeft: z.int(),
    mails: z
      .object({
        offered: z.array(z.enum(mailTopics)).describe('What concerns their level and role'),
        off: z.array(z.enum(mailTopics)).describe('What they do without'),
      })
      .describe('Alerts and summaries by mail'),
    passkeys: z.array(
      z.object({ id, name: z.string(), createdAt: timestamp, lastUsedAt: timestamp.nullable() }),
    ),
    sessions: z.array(
      z.object({
        id,
        isCurrent: z.boolean(),
        createdAt: timestamp,
        lastUsedAt: timestamp,
        address: z.string(),
        browser: z.string().describe('What the browser calls itself'),
      }),
    ),
  })
  .meta({ id: 'Account' })
export type Account = z.infer<typeof account>

export const accountPatch = z.object({ name, language: ownLanguage }).partial()
export const accountMailsInput = z.object({
  off: z.array(z.enum(mailTopics)).max(mailTopics.length).describe('What is not to be mailed'),
})

const currentPassword = z
  .string()
  .max(128)
  .describe('The password in force, so that an unattended browser is not enough; empty where there is none')
export const passwordChangeInput = z.object({ currentPassword, password })
export const confirmedInput = z.object({ currentPassword })

export const totpSetup = z
  .object({
    secret: z.string().describe('In base 32, to type into an authenticator'),
    uri: z.string().describe('The same as an otpauth: address, for a QR code'),
  })
  .meta({ id: 'TotpSetup' })
const code = z.string().max(40)
export const totpConfirmation = z.object({ code })
export const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).describe('Shown this once; each signs in once') })
  .meta({ id: 'RecoveryCodes' })

/** What the browser is asked, and what it answers, as WebAuthn has it. */
const webAuthn = z.record(z.string(), z.unknown())
export const passkeyChallenge = z.object({ options: webAuthn }).meta({ id: 'PasskeyChallenge' })
export const passkeyInput = z.object({
  name: line(60).refine((text) => text.trim() !== '', fault('name-needed')),
  response: webAuthn,
})
export const passkeySignInInput = z.object({ response: webAuthn })
