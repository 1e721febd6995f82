import { atField, type FieldFault, ProblemError } from '@granary/contract'

const deepest = 20

/**
 * Refuses what no field of the API can hold, before anything else looks at it: text that a database can't store
 * (NUL, halves of surrogate pairs), keys that reach into prototypes, and nesting without end.
 * @throws {ProblemError} invalid-request, naming the place
 */
export function refuseStrangeValues(value: unknown, part: string): void {
  const error = strangeValue(value, part, 0)
  if (error) throw new ProblemError('invalid-request', { errors: [error] })
}

function strangeValue(value: unknown, path: string, depth: number): FieldFault | undefined {
  if (depth > deepest) return atField(path, { code: 'nested-too-deeply' })
  if (typeof value === 'string') return strangeText(value, path)
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const place = path === '' ? shown(key) : `${path}.${shown(key)}`
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      return atField(place, { code: 'no-such-field' })
    }
    const error = strangeText(key, path) ?? strangeValue(inner, place, depth + 1)
    if (error) return error
  }
  return undefined
}

function strangeText(text: string, path: string): FieldFault | undefined {
  if (text.includes('\0')) return atField(path, { code: 'nul-characters' })
  return text.isWellFormed() ? undefined : atField(path, { code: 'not-unicode' })
}

function shown(key: string): string {
  return key.length <= 60 ? key : `${key.slice(0, 60)}…`
}
