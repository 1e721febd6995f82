/**
 * restic's patterns: `foo` matches anywhere in a path, `/foo` from its beginning, `*`, `?` and `[…]` within one
 * part, `**` any number of parts, and what lies below a match matches too. A leading `!` takes back.
 * @see restic doc/040_backup.rst, "Excluding Files"; internal/filter
 */
import { RepositoryProblem } from '../repository-problem.ts'

export interface PathPattern {
  readonly parts: readonly PartMatcher[]
  readonly isNegated: boolean
}

/** `**`, a literal part, or a part with wildcards. */
type PartMatcher = typeof anyParts | string | RegExp
const anyParts = Symbol('**')
// `*`, which stands for no root.
const anyPart = /^[^/]*$/s

export interface PatternOptions {
  readonly ignoreCase?: boolean
}

/** @throws {RepositoryProblem} `bad-pattern` */
export function parsePattern(text: string, options: PatternOptions = {}): PathPattern {
  const isNegated = text.startsWith('!')
  const parts = splitPath(cleanPath(isNegated ? text.slice(1) : text)).map((part) =>
    part === '**' ? anyParts : parsePart(part, text, options),
  )
  return { parts, isNegated }
}

/**
 * Tells the names that fit one part of a pattern; nothing where it has no wildcards.
 * @throws {RepositoryProblem} `bad-pattern`
 */
export function matchesName(part: string): ((name: string) => boolean) | undefined {
  const matcher = parsePart(part, part, {})
  return matcher instanceof RegExp ? (name) => matcher.test(name) : undefined
}

/** Whether the patterns, each overriding those before it, match the path or a folder above it. */
export function matchesPatterns(patterns: readonly PathPattern[], path: string): boolean {
  const parts = splitPath(path)
  let isMatched = false
  for (const pattern of patterns) {
    // Only a pattern that would change the answer has to be looked at.
    if (pattern.isNegated === isMatched && matchesParts(pattern.parts, parts)) isMatched = !isMatched
  }
  return isMatched
}

/** Whether something below the path could match: whether a restore has to look into it. */
export function mayMatchBelow(patterns: readonly PathPattern[], path: string): boolean {
  const parts = splitPath(path)
  return patterns.some((pattern) => !pattern.isNegated && mayMatchPartsBelow(pattern.parts, parts))
}

function mayMatchPartsBelow(pattern: readonly PartMatcher[], path: readonly string[]): boolean {
  if (pattern[0] !== '/') return true
  const wild = pattern.indexOf(anyParts)
  const compared = wild >= 0 && path.length >= wild ? path.slice(0, wild) : path
  return matchesParts(pattern.slice(0, Math.min(compared.length, pattern.length)), compared)
}

function matchesParts(pattern: readonly PartMatcher[], path: readonly string[]): boolean {
  const wild = pattern.indexOf(anyParts)
  if (wild >= 0) return expandAnyParts(pattern, wild, path)
  if (pattern.length === 0) return path.length === 0
  if (pattern.length > path.length) return false
  // A rooted pattern fits at the beginning only, any other one nowhere but after the root.
  const first = pattern[0] !== '/' && path[0] === '/' ? 1 : 0
  const last = pattern[0] === '/' ? 0 : path.length - pattern.length
  for (let offset = last; offset >= first; offset--) {
    if (pattern.every((part, i) => matchesPart(part, path[offset + i] ?? ''))) return true
  }
  return false
}

function expandAnyParts(pattern: readonly PartMatcher[], wild: number, path: readonly string[]): boolean {
  const [before, after] = [pattern.slice(0, wild), pattern.slice(wild + 1)]
  for (let count = 0; count <= path.length - pattern.length + 1; count++) {
    const expanded = [...before, ...Array.from({ length: count }, () => anyPart), ...after]
    if (matchesParts(expanded, path)) return true
  }
  return false
}

function matchesPart(matcher: PartMatcher, part: string): boolean {
  if (typeof matcher === 'string') return matcher === part
  // A `*` that stands for a part of `**` never stands for the root.
  return typeof matcher === 'symbol' ? false : matcher.test(part)
}

/** Go's `filepath.Match` for one part of a path. */
function parsePart(part: string, whole: string, { ignoreCase = false }: PatternOptions): PartMatcher {
  // The root has no case, and is told by being what it is.
  if (part === '/') return part
  if (!/[*?[\\]/.test(part)) return ignoreCase ? new RegExp(`^${literally(part)}$`, 'isu') : part
  const bad = () => new RepositoryProblem('bad-pattern', `the pattern ${JSON.stringify(whole)} is malformed`)
  let source = ''
  for (let i = 0; i < part.length; i++) {
    const character = part[i] ?? ''
    if (character === '*') source += '[^/]*'
    else if (character === '?') source += '[^/]'
    else if (character === '\\') {
      if (++i >= part.length) throw bad()
      source += literally(part[i] ?? '')
    } else if (character === '[') {
      const { set, next } = parseSet(part, i, bad)
      source += set
      i = next
    } else source += literally(character)
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su')
}

/** `[abc]`, `[a-z]`, `[^a]`; a backslash takes the next character as it is. */
function parseSet(part: string, at: number, bad: () => Error): { set: string; next: number } {
  let i = at + 1
  const isNegated = part[i] === '^'
  if (isNegated) i++
  let ranges = ''
  const character = (): string => {
    const isEscaped = part[i] === '\\'
    if (isEscaped) i++
    const found = part[i++]
    if (found === undefined || (!isEscaped && (found === '-' || found === ']'))) throw bad()
    return escapeInSet(found)
  }
  for (let count = 0; part[i] !== ']' || count === 0; count++) {
    const low = character()
    const isRange = part[i] === '-'
    if (isRange) i++
    ranges += isRange ? `${low}-${character()}` : low
    if (i >= part.length) throw bad()
  }
  return { set: `[${isNegated ? '^' : ''}${ranges}]`, next: i }
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
const escapeInSet = (text: string) => text.replace(/[\\\]^[-]/g, '\\$&')

/** Go's `filepath.Clean`: no doubled or trailing slashes, no `.` and `..`. What is empty then is `.`, which no name is. */
function cleanPath(path: string): string {
  const isRooted = path.startsWith('/')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '..' || !isRooted) parts.push(part)
  }
  return (isRooted ? '/' : '') + parts.join('/') || '.'
}

function splitPath(path: string): string[] {
  if (!path.startsWith('/')) return path.split('/')
  return ['/', ...path.slice(1).split('/').filter(Boolean)]
}
