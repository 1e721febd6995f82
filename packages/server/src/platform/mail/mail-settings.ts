import type { Language } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { openSecret, sealSecret } from '../sealed-secret.ts'
import type { ServerKey } from '../server-key.ts'
import { readSetting, writeSetting } from '../settings-store.ts'

/** How mail leaves this server. */
export interface MailSettings {
  /** Empty: mail is not set up */
  readonly host: string
  readonly port: number
  /** `tls` from the first byte, `starttls` or no mail at all, or `none` for a relay on the same machine */
  readonly security: 'starttls' | 'tls' | 'none'
  /** Empty: the mail server asks for none */
  readonly user: string
  readonly sealedPassword: string | null
  /** Empty: the server's product name */
  readonly fromName: string
  readonly fromAddress: string
  /** Start of the links in mails, without a slash at its end. Not taken from requests, which anyone can forge. */
  readonly consoleUrl: string
  /** Of mails to those who have chosen none */
  readonly language: Language
}

const nothingSetUp: MailSettings = {
  host: '',
  port: 587,
  security: 'starttls',
  user: '',
  sealedPassword: null,
  fromName: '',
  fromAddress: '',
  consoleUrl: '',
  language: 'en',
}

const key = 'mail'

export async function readMailSettings(queries: Kysely<Schema>): Promise<MailSettings> {
  const stored = (await readSetting(queries, key)) as Partial<MailSettings> | undefined
  return { ...nothingSetUp, ...stored }
}

export function writeMailSettings(queries: Kysely<Schema>, settings: MailSettings): Promise<void> {
  return writeSetting(queries, key, settings)
}

export function sealPassword(serverKey: ServerKey, password: string): string {
  return sealSecret(serverKey, password)
}

export function passwordOf(settings: MailSettings, serverKey: ServerKey): string {
  return settings.sealedPassword === null ? '' : openSecret(serverKey, settings.sealedPassword)
}
