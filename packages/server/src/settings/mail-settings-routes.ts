import { atField, type MailSettingsPatch, type mailSettings, ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import { changes, changesAfter, type RouteImplementation, reads } from '../access/access.ts'
import { alertJobName } from '../alerts/alerts.ts'
import { letterheadOf } from '../branding/branding.ts'
import type { Schema } from '../platform/database/schema.ts'
import { bringForward } from '../platform/jobs/jobs.ts'
import {
  type MailSettings,
  mailQueue,
  readMailSettings,
  sealPassword,
  sendMail,
  sendMailAgain,
  writeMailSettings,
} from '../platform/mail/mail.ts'
import { newId } from '../platform/new-id.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { holdSettings } from '../platform/settings-store.ts'

const target = { id: 'mail', name: 'Mail' }

/** Settings → Mail. */
export function mailSettingsRoutes(serverKey: ServerKey): readonly RouteImplementation[] {
  return [
    reads('readMailSettings', (_request, queries) => shown(queries)),
    changes('editMailSettings', async ({ body, now }, transaction) => {
      await holdSettings(transaction)
      const before = await readMailSettings(transaction)
      const settings = edited(before, body, serverKey)
      await expectNoReseller(transaction, settings.consoleUrl)
      await writeMailSettings(transaction, settings)
      await sendMailAgain(transaction, now)
      // Alerts that could not be mailed until now are.
      await bringForward(transaction, alertJobName, now)
      return {
        answer: await shown(transaction),
        record: {
          target,
          details: { host: settings.host, fromAddress: settings.fromAddress, language: settings.language },
        },
      }
    }),
    changesAfter(
      'sendTestMail',
      async ({ body }, database) => {
        const settings = await readMailSettings(database.queries)
        const letterhead = await letterheadOf(database.queries, null)
        if (letterhead === null) throw new ProblemError('mail-not-set-up')
        const mail = letterhead.write(null, (texts) => {
          const { subject, text } = texts.mail.test(letterhead.productName)
          return { subject, paragraphs: [text] }
        })
        await sendMail({ settings, serverKey }, { ...mail, to: body.to }, newId('job')).catch(
          (error: unknown) => {
            throw new ProblemError('mail-not-sent', { reason: reasonOf(error) }, { cause: error })
          },
        )
      },
      async ({ body }) => ({ answer: null, record: { target, details: { to: body.to } } }),
    ),
    changes('sendMailAgain', async ({ now }, transaction) => {
      const mails = await sendMailAgain(transaction, now)
      return { answer: await shown(transaction), record: { target, details: { mails } } }
    }),
  ]
}

function edited(before: MailSettings, patch: MailSettingsPatch, serverKey: ServerKey): MailSettings {
  const { password, host, port, security, user, fromName, fromAddress, consoleUrl, language } = patch
  const settings = {
    host: host ?? before.host,
    port: port ?? before.port,
    security: security ?? before.security,
    user: user ?? before.user,
    fromName: fromName ?? before.fromName,
    fromAddress: fromAddress ?? before.fromAddress,
    consoleUrl: consoleUrl === undefined ? before.consoleUrl : originOf(consoleUrl),
    language: language ?? before.language,
    sealedPassword: sealedPassword(before, password, serverKey),
  }
  const errors = [
    ...(settings.host !== '' && settings.fromAddress === ''
      ? [atField('fromAddress', { code: 'sender-needed' })]
      : []),
    ...(settings.host !== '' && settings.consoleUrl === ''
      ? [atField('consoleUrl', { code: 'console-address-needed' })]
      : []),
  ]
  if (errors.length > 0) throw new ProblemError('invalid-request', { errors })
  return settings
}

/** The server's own mails would lead to a reseller's sign-in page. */
async function expectNoReseller(queries: Kysely<Schema>, consoleUrl: string): Promise<void> {
  if (consoleUrl === '') return
  const reseller = await queries
    .selectFrom('brands')
    .select('owner_id')
    .where('host_name', '=', new URL(consoleUrl).hostname)
    .executeTakeFirst()
  if (!reseller) return
  const errors = [atField('consoleUrl', { code: 'host-of-reseller' })]
  throw new ProblemError('invalid-request', { errors })
}

/** Left out: as it was. Null or empty: none. */
function sealedPassword(
  before: MailSettings,
  password: string | null | undefined,
  serverKey: ServerKey,
): string | null {
  if (password === undefined) return before.sealedPassword
  return password ? sealPassword(serverKey, password) : null
}

function originOf(url: string): string {
  return url === '' ? '' : new URL(url).origin
}

async function shown(queries: Kysely<Schema>): Promise<z.infer<typeof mailSettings>> {
  const { sealedPassword: sealed, ...settings } = await readMailSettings(queries)
  return { ...settings, hasPassword: sealed !== null, queue: await mailQueue(queries) }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300)
}
