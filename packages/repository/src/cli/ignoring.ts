import type { RepositoryProblem } from '../repository-problem.ts'
import type { CommandContext } from './command-context.ts'

/** Says which snapshots a command passes over because there are none of that name. */
export function ignoring({
  terminal,
}: CommandContext): (reference: string, problem: RepositoryProblem) => void {
  return (reference, problem) => terminal.warn(`Ignoring ${JSON.stringify(reference)}: ${problem.detail}`)
}
