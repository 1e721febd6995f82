import type { Texts } from './index.ts'

/** A language: as many texts as were translated, each of the shape it has in English. */
type Translated<Text> = Text extends (...args: never[]) => string
  ? Text
  : Text extends readonly unknown[]
    ? Text
    : Text extends string
      ? string
      : { readonly [Key in keyof Text]?: Translated<Text[Key]> }

export type Translation = Translated<Texts>

/** The texts of a language, in English where it has none yet: new screens are never without words. */
export function overEnglish(english: Texts, translation: Translation): Texts {
  return merged(english, translation) as Texts
}

function merged(english: object, translation: object): object {
  const result: Record<string, unknown> = { ...english }
  for (const [key, text] of Object.entries(translation)) {
    const before = result[key]
    const goesDeeper = typeof text === 'object' && !Array.isArray(text) && typeof before === 'object'
    result[key] = goesDeeper && before !== null ? merged(before, text as object) : text
  }
  return result
}
