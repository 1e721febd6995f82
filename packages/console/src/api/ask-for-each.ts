import { texts } from '../texts/index.ts'
import { explain } from './refusal.ts'

/** What came of asking for many things in turn. */
export interface Asked<Row> {
  readonly done: readonly Row[]
  /** Why the others could not be, a sentence each */
  readonly refusals: readonly string[]
}

/**
 * Asks for the same of each row in turn, and goes on where one is refused.
 * @param whyNot a reason where a row need not be asked for: the answer is known
 */
export async function askForEach<Row>(
  rows: readonly Row[],
  ask: (row: Row) => Promise<unknown>,
  whyNot: (row: Row) => string | null = () => null,
): Promise<Asked<Row>> {
  const done: Row[] = []
  const refusals: string[] = []
  for (const row of rows) {
    const reason = whyNot(row)
    try {
      if (reason) refusals.push(reason)
      else {
        await ask(row)
        done.push(row)
      }
    } catch (failure) {
      refusals.push(explain(failure).title)
    }
  }
  return { done, refusals }
}

/** How many could not be and why, for the end of a line; nothing where all could. */
export function refusedToo({ refusals }: Pick<Asked<unknown>, 'refusals'>): string {
  return refusals[0] ? texts.tenants.bulkRefused(refusals.length, refusals[0]) : ''
}
