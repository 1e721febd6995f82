import { matchesPatterns, parsePattern } from '../../filter/path-pattern.ts'
import type { AttributeSelection } from './restore-messages.ts'

/** @throws {RepositoryProblem} `bad-pattern` */
export function attributeSelector({
  includes = [],
  excludes = [],
}: AttributeSelection): (name: string) => boolean {
  const [included, excluded] = [includes, excludes].map((texts) => texts.map((text) => parsePattern(text)))
  if (included && included.length > 0) return (name) => matchesPatterns(included, name)
  if (excluded && excluded.length > 0) return (name) => !matchesPatterns(excluded, name)
  return () => true
}
