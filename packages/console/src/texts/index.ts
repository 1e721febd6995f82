import { type Reason, sayReason } from '@granary/contract'
import { chosenLanguage } from './chosen-language.ts'
import { en } from './en.ts'
import { overEnglish } from './translation.ts'

/**
 * Every text of the console. Texts that count or name something are functions, which lets each language order and
 * inflect as it must. A language that has no text for something yet shows it in English.
 */
export type Texts = typeof en

/** Only the language that is chosen is loaded, before anything that speaks. */
export const language = chosenLanguage()
export const texts: Texts = language === 'de' ? await german() : en

async function german(): Promise<Texts> {
  const { de } = await import('./de.ts')
  return overEnglish(en, de)
}

/** Why something can’t be done, as the server or a rule of the contract says, in the language that is chosen. */
export const said = (reason: Reason): string => sayReason(texts.reasons, reason)
