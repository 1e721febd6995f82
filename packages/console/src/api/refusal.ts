import type { ProblemCode } from '@granary/contract'

/** Why a call did not succeed, in the server's own words; `unreachable` when there was no answer at all. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode | 'unreachable'
  readonly status: number
  readonly advice: string
  /** For `invalid-request`: what each field takes. */
  readonly errors: readonly FieldError[]
  /** What else the server told of this case, such as `reason`. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(what: {
    code: ProblemCode | 'unreachable'
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

export interface FieldError {
  /** `space.allottedBytes`, or its parts. */
  readonly path: string | readonly (string | number)[]
  readonly message: string
}

/** @returns title and advice of any failure, one of the console's own included */
export function explain(failure: unknown): { title: string; advice: string } {
  if (failure instanceof Refusal) return { title: failure.title, advice: failure.advice }
  return { title: 'Something went wrong in the console', advice: 'Reload the page and try again.' }
}
