import { type FieldFault, type ProblemCode, reason as reasonShape } from '@granary/contract'
import { said, texts } from '../texts/index.ts'

/** A problem of the API; or there was no answer at all, or one of somebody else, such as a proxy. */
type RefusalCode = ProblemCode | 'unreachable' | 'foreign-answer'

/** Why a call did not succeed. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly status: number
  readonly advice: string
  /** For `invalid-request`: what each field takes. */
  readonly errors: readonly FieldError[]
  /** What else the server told of this case, such as `reason`. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(what: {
    code: RefusalCode
    status: number
    title: string
    advice: string
    errors?: readonly FieldError[]
  }) {
    super(what.title)
    this.code = what.code
    this.status = what.status
    this.advice = what.advice
    this.errors = what.errors ?? []
    this.facts = { ...what }
  }

  get title(): string {
    return this.message
  }
}

/** As this console knows it, or of a newer server. */
export type FieldError = Omit<FieldFault, 'code'> & { readonly code: string }

/** Whether something is not there, or not for who asks: asking once more won't change that. */
export function isGone(failure: unknown): boolean {
  return failure instanceof Refusal && (failure.status === 404 || failure.status === 403)
}

/**
 * @returns title and advice of any failure, one of the console's own included, in the language that is chosen; where
 *   the server told why in this very case, that is the advice
 */
export function explain(failure: unknown): { title: string; advice: string } {
  if (!(failure instanceof Refusal)) return texts.common.consoleFault
  const { code, title, advice } = failure
  const isProblem = code !== 'unreachable' && code !== 'foreign-answer'
  // A newer server may have problems that this console has no words for.
  const text = (isProblem ? texts.problems[code] : undefined) ?? { title, advice }
  const told = reasonShape.safeParse(failure.facts.reason)
  return told.success ? { title: text.title, advice: said(told.data) } : text
}
