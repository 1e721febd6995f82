import { type Fault, faultOf, sayFault } from '@granary/contract'
import type { z } from 'zod'
import type { FieldError } from '../api/refusal.ts'
import { texts } from '../texts/index.ts'

/** @returns what is wrong with which field, by its path; nothing when the input is fine */
export function faultsOf(parsed: z.ZodSafeParseResult<unknown>): Record<string, string> {
  if (parsed.success) return {}
  return Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), sayIssue(issue)]))
}

/** What is wrong with the only field of an input; null when it is fine. */
export function firstFault(parsed: z.ZodSafeParseResult<unknown>): string | null {
  const [issue] = parsed.error?.issues ?? []
  return issue === undefined ? null : sayIssue(issue)
}

/** What the console found, in the language that is chosen. */
export function sayIssue(issue: z.core.$ZodIssue): string {
  return sayFault(texts.faults, faultOf(issue))
}

/** What the server found. A newer one may have faults that this console has no words for. */
export function sayFieldError({ code, parameters, message }: FieldError): string {
  if (!Object.hasOwn(texts.faults, code)) return message
  return sayFault(texts.faults, { code, ...parameters } as Fault)
}
