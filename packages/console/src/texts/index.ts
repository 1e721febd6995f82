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
export const texts: Texts = language === 'de' ? overEnglish(en, (await import('./de.ts')).de) : en
