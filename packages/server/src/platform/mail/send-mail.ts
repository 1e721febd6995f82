import { createTransport } from 'nodemailer'
import type { ServerKey } from '../server-key.ts'
import { type MailSettings, passwordOf } from './mail-settings.ts'
import type { MailContent } from './write-mail.ts'

/** A mail server that does not answer is given up after this. */
const patienceMs = 20_000

/** Thrown where nobody has said yet how mail leaves the server. */
class MailNotSetUpError extends Error {
  override readonly name = 'MailNotSetUpError'
}

export interface Mail extends MailContent {
  readonly to: string
  /** In place of the server's own name as the sender */
  readonly fromName?: string
  /** In place of the server's own address, which bounces then go to as well */
  readonly fromAddress?: string
  readonly replyTo?: string
  /** Where a mail program may unsubscribe its reader by itself (RFC 8058) */
  readonly unsubscribeUrl?: string
}

/**
 * Hands a mail to the mail server.
 * @param id the same for every attempt at one mail, so that receivers can drop a second copy
 * @throws {MailNotSetUpError} and whatever the mail server says
 */
export async function sendMail(
  { settings, serverKey }: { settings: MailSettings; serverKey: ServerKey },
  mail: Mail,
  id: string,
): Promise<void> {
  if (settings.host === '') throw new MailNotSetUpError('Mail is not set up. See Settings → Mail.')
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    ignoreTLS: settings.security === 'none',
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(settings.user !== '' && { auth: { user: settings.user, pass: passwordOf(settings, serverKey) } }),
  })
  try {
    await transport.sendMail({
      from: { name: mail.fromName ?? settings.fromName, address: mail.fromAddress ?? settings.fromAddress },
      to: { name: '', address: mail.to },
      ...(mail.replyTo && { replyTo: { name: '', address: mail.replyTo } }),
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: `<${id}@${settings.fromAddress.split('@')[1] ?? 'granary'}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        ...(mail.unsubscribeUrl && {
          'List-Unsubscribe': { prepared: true, value: `<${mail.unsubscribeUrl}>` },
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
      },
    })
  } finally {
    transport.close()
  }
}
