/**
 * What contract and server say in English sentences of their own, such as faults of fields, by their English wording;
 * `{1}`, `{2}` stand for what differs from case to case.
 */
export type Sentences = Readonly<Record<string, string>>

/** @returns the sentence as the language says it; as it came where the language does not know it */
export function translated(sentence: string, sentences: Sentences): string {
  const known = sentences[sentence]
  if (known !== undefined) return known
  for (const [english, other] of Object.entries(sentences)) {
    if (!english.includes('{1}')) continue
    const found = patternOf(english).exec(sentence)
    if (found) return other.replace(/\{(\d)\}/g, (_, place) => found[Number(place)] ?? '')
  }
  return sentence
}

function patternOf(english: string): RegExp {
  const parts = english.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('(.+?)')}$`)
}
