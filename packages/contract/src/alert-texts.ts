import type { AlertMessage } from './alert-messages.ts'
import { alertTextsDe, alertTitlesDe } from './alert-texts-de.ts'
import { alertTextsEn, alertTitlesEn } from './alert-texts-en.ts'
import type { AlertKind } from './alerts.ts'
import type { Language } from './languages.ts'

/** How a reader writes what differs from case to case. */
export interface MessageFormats {
  bytes(bytes: number): string
  count(amount: number): string
  /** Milliseconds since 1970 */
  time(at: number): string
}

/** What alerts of a kind are called. */
export type AlertTitles = Readonly<Record<AlertKind, string>>

/** In mails and in the console alike. */
export const alertTitles: Readonly<Record<Language, AlertTitles>> = { en: alertTitlesEn, de: alertTitlesDe }

/** A language's sentence for each code: one that is missing, or takes what its message has not, is a type error. */
export type AlertTexts = {
  readonly [Code in AlertMessage['code']]: (
    message: Extract<AlertMessage, { code: Code }>,
    formats: MessageFormats,
  ) => string
}

const alertTexts: Readonly<Record<Language, AlertTexts>> = { en: alertTextsEn, de: alertTextsDe }

/** What an alert says, in a language: the same words in mails and in the console. */
export function sayAlert(language: Language, message: AlertMessage, formats: MessageFormats): string {
  const text = alertTexts[language][message.code] as (of: AlertMessage, formats: MessageFormats) => string
  return text(message, formats)
}
