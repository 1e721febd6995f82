import { filledShade, type Language, shadesOf } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { underHostName } from '../platform/http/public-url.ts'
import { type Mail, type MailText, readMailSettings, writeMail } from '../platform/mail/mail.ts'
import { type Texts, texts } from '../texts/texts.ts'
import { brandOf } from './resolve-brand.ts'

/** A mail whose button leads to a page of the console. */
interface Letter extends Omit<MailText, 'language' | 'button' | 'head' | 'accent' | 'unsubscribe'> {
  /** `path` from its slash on */
  readonly button?: { readonly label: string; readonly path: string }
  /** Where its reader, or their mail program, can have no more of these */
  readonly unsubscribeUrl?: string | undefined
}

/** How mails to somebody's people look, who they are from and where they lead. */
export interface Letterhead {
  readonly productName: string
  /** Start of the addresses of the console, without a slash at its end */
  readonly url: string
  /**
   * @param language of its reader; null: the server's own
   * @param letter what it says in a language
   */
  write(language: Language | null, letter: (texts: Texts, language: Language) => Letter): Omit<Mail, 'to'>
}

/**
 * The letterhead of a reseller, or of the server. Links begin with what administrators set and with nothing else:
 * what a request says of its host can be forged.
 * @returns null while mail is not set up
 */
export async function letterheadOf(
  queries: Kysely<Schema>,
  resellerId: string | null,
): Promise<Letterhead | null> {
  const settings = await readMailSettings(queries)
  if (settings.host === '') return null
  const brand = await brandOf(queries, resellerId)
  const url = underHostName(settings.consoleUrl, brand.hostName)
  const fromName = brand.senderName ?? (settings.fromName || brand.productName)
  const accent = shadesOf(brand.accent)[filledShade.light]
  return {
    productName: brand.productName,
    url,
    write: (chosen, letter) => {
      const language = chosen ?? settings.language
      const { button, unsubscribeUrl, ...said } = letter(texts[language], language)
      return {
        ...writeMail({
          ...said,
          language,
          head: brand.productName,
          accent,
          ...(button && { button: { label: button.label, url: url + button.path } }),
          ...(unsubscribeUrl && {
            unsubscribe: { label: texts[language].mail.unsubscribe, url: unsubscribeUrl },
          }),
        }),
        ...(unsubscribeUrl && { unsubscribeUrl }),
        fromName,
        ...(brand.fromAddress !== null && { fromAddress: brand.fromAddress }),
        ...(brand.replyTo !== null && { replyTo: brand.replyTo }),
      }
    },
  }
}

/** The letterheads of one batch of mails, each worked out once. */
export class Letterheads {
  readonly #queries: Kysely<Schema>
  readonly #known = new Map<string | null, Letterhead | null>()

  constructor(queries: Kysely<Schema>) {
    this.#queries = queries
  }

  /** @returns null while mail is not set up */
  async of(resellerId: string | null): Promise<Letterhead | null> {
    const known = this.#known.get(resellerId)
    if (known !== undefined) return known
    const letterhead = await letterheadOf(this.#queries, resellerId)
    this.#known.set(resellerId, letterhead)
    return letterhead
  }
}
