import type { z } from 'zod'
import { said } from '../texts/index.ts'

/** @returns what is wrong with which field, by its path; nothing when the input is fine */
export function faultsOf(parsed: z.ZodSafeParseResult<unknown>): Record<string, string> {
  if (parsed.success) return {}
  return Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join('.'), said(message)]))
}
