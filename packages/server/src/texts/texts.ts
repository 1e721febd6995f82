import type { Language } from '@granary/contract'
import { de } from './de.ts'
import { en } from './en.ts'

export { formatsIn } from './formats.ts'

/** Every text of the server’s mails: a language without one of them does not compile. */
export type Texts = typeof en

export const texts: Readonly<Record<Language, Texts>> = { en, de }
