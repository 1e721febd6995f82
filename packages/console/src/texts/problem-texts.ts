import { type ProblemCode, problems } from '@granary/contract'

interface ProblemText {
  readonly title: string
  readonly advice: string
}

/** What a problem says, by its code. A language has all of them. */
export type ProblemTexts = Readonly<Record<ProblemCode, ProblemText>>

export const englishProblems = Object.fromEntries(
  Object.entries(problems).map(([code, { title, advice }]) => [code, { title, advice }]),
) as ProblemTexts
