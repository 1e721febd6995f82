import { languages } from '@granary/contract'
import { texts } from '../texts/index.ts'

/** What a person’s language is chosen from; empty: as browser and server wish. */
export const languageOptions = [
  { value: '', label: texts.account.noLanguage },
  ...Object.entries(languages).map(([value, label]) => ({ value, label })),
]
