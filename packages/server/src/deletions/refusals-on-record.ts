import { type ProblemCode, ProblemError, reason as reasonShape } from '@granary/contract'
import type { RouteImplementation } from '../access/access.ts'
import type { DeletionRow } from '../platform/database/schema.ts'
import { type DeletionTarget, recordRefusal } from './record-deletion.ts'
import type { DeletedBy } from './trash-clients.ts'

/** Refusals that belong in the report: the thing is there, and stays. */
const reported: readonly ProblemCode[] = ['backup-running', 'default-is-permanent', 'undelete-running']

/** Says what a deletion was refused for, so that the refusal can be written down after its transaction was undone. */
class DeletionRefusedError extends ProblemError {
  readonly target: DeletionTarget
  readonly contents: DeletionRow['contents']
  readonly by: DeletedBy
  constructor(
    cause: ProblemError,
    refused: { target: DeletionTarget; contents: DeletionRow['contents']; by: DeletedBy },
  ) {
    super(cause.code, cause.facts, { cause })
    this.target = refused.target
    this.contents = refused.contents
    this.by = refused.by
  }
}

/** Runs a deletion; a refusal is told with what it was about. */
export async function orRefused<Result>(
  refused: { target: DeletionTarget; contents: DeletionRow['contents']; by: DeletedBy },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProblemError && reported.includes(error.code))
      throw new DeletionRefusedError(error, refused)
    throw error
  }
}

/** A route whose refusals stand in the deleted report. */
export function refusalsOnRecord(route: RouteImplementation): RouteImplementation {
  return {
    name: route.name,
    async answer(request, surroundings) {
      try {
        return await route.answer(request, surroundings)
      } catch (error) {
        if (error instanceof DeletionRefusedError) {
          const { target, contents, by, facts, message } = error
          const told = reasonShape.safeParse(facts.reason)
          const refusal = told.success ? told.data : null
          const reason = refusal?.message ?? `${message}.`
          const refused = { contents, reason, refusal, by, now: surroundings.clock.now() }
          await surroundings.database.transaction((transaction) =>
            recordRefusal(transaction, target, refused),
          )
        }
        throw error
      }
    },
  }
}
