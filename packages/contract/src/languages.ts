import { z } from 'zod'

/** The languages of console and mails, each under the name it has in itself. */
export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

export const language = z.enum(Object.keys(languages) as [Language, ...Language[]])
