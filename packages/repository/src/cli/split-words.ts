import { UsageError } from './usage-error.ts'

/** Splits a command as a shell would, without running one: blanks part, quotes keep together. @throws {UsageError} */
export function splitWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = ''
      else word = (word ?? '') + character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (quote !== '') throw new UsageError(`a ${quote} is not closed in ${text}`)
  return word === undefined ? words : [...words, word]
}
