import { z } from 'zod'
import { fault } from './faults.ts'
import { line } from './fields.ts'
import { language } from './languages.ts'

/** What administrators set while the server runs. */

const host = line(253).refine((text) => text === '' || /^[a-z0-9.:_-]+$/i.test(text), fault('not-a-host'))
const webOrigin = z
  .union([z.literal(''), z.url({ protocol: /^https?$/ })])
  .refine((url) => (URL.parse(url)?.pathname ?? '/') === '/', fault('has-a-path'))

const mailFields = {
  host: host.describe('The mail server (SMTP); empty: no mail is sent'),
  port: z.int().min(1).max(65535),
  security: z
    .enum(['starttls', 'tls', 'none'])
    .describe('TLS by STARTTLS, TLS from the first byte, or none: only for a relay on the same machine'),
  user: line(200).describe('Empty: the mail server asks for no password'),
  fromName: line(120),
  fromAddress: z.union([z.literal(''), z.email().max(254)]),
  consoleUrl: webOrigin.describe('Start of the links in mails'),
  language: language.describe('Of mails to users who have chosen none, and to addresses of nobody’s'),
}

export const mailSettings = z
  .object({
    ...mailFields,
    host: z.string(),
    user: z.string(),
    fromName: z.string(),
    consoleUrl: z.string(),
    hasPassword: z.boolean(),
    queue: z
      .object({ waiting: z.int(), failed: z.int(), lastError: z.string().nullable() })
      .describe('Mail that waits to be sent, that was given up, and why the last attempt failed'),
  })
  .meta({ id: 'MailSettings' })
export type MailSettings = z.infer<typeof mailSettings>
export const mailSettingsPatch = z
  .object({
    ...mailFields,
    password: z.string().max(500).nullable().describe('Kept encrypted and never shown'),
  })
  .partial()
export type MailSettingsPatch = z.infer<typeof mailSettingsPatch>

export const testMailInput = z.object({ to: z.email().max(254) })
