/** Each under the name it has in itself. */
export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

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

/** Keeps the choice, and begins anew in it. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(storageKey, language)
  window.location.reload()
}
