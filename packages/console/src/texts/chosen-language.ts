import { type Language, languages } from '@granary/contract'

const storageKey = 'granary.language'

/** The language chosen in this browser, else the browser's own where there is a translation, else English. */
export function chosenLanguage(): Language {
  const kept = globalThis.localStorage?.getItem(storageKey)
  const wished = [kept, ...(globalThis.navigator?.languages ?? [])]
  for (const tag of wished) {
    const found = (Object.keys(languages) as Language[]).find((language) => tag?.split('-')[0] === language)
    if (found) return found
  }
  return 'en'
}

/** Keeps the choice in this browser; null: as the browser wishes. */
export function keepLanguage(language: Language | null): void {
  if (language === null) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, language)
}
