import { en } from './en.ts'

/**
 * Every text of the console. A language is one object of this shape, so that none can miss a text; texts that
 * count or name something are functions, which lets each language order and inflect as it must.
 */
export type Texts = typeof en

const languages = { en } satisfies Record<string, Texts>
export const language: keyof typeof languages = 'en'
export const texts: Texts = languages[language]
