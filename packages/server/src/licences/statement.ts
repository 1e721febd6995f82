import type { StatementRow } from '@granary/contract'

/** A change of what is allotted; null: there was, or is, no number. */
export interface AllotmentChange {
  readonly month: string
  readonly leftBefore: number | null
  readonly leftAfter: number | null
  /** Units drawn in its month before it */
  readonly usedBefore: number
}

/**
 * The monthly statement of an account, worked out from what is left now back into the past: opening + added − used
 * is closing wherever there was a number.
 * @param months newest first, the one of `leftNow` at their head
 * @param changes oldest first
 */
export function statementOf(
  months: readonly { readonly month: string; readonly used: number }[],
  changes: readonly AllotmentChange[],
  leftNow: number | null,
): Omit<StatementRow, 'usedFor'>[] {
  let closing = leftNow
  return months.map(({ month, used }) => {
    const ofMonth = changes.filter((change) => change.month === month)
    const opening = openingOf(ofMonth, closing, used)
    // Where there was no number for a while in between, what was drawn meanwhile was there for the taking, too.
    const added =
      opening === null || closing === null
        ? ofMonth.reduce((sum, change) => sum + unitsOf(change), 0)
        : closing - opening + used
    const row = { month, opening, added, used, closing }
    closing = opening
    return row
  })
}

/** What a change added; where a number begins, all that was there for the taking from then on. */
function unitsOf({ leftBefore, leftAfter }: AllotmentChange): number {
  return leftAfter === null ? 0 : leftAfter - (leftBefore ?? 0)
}

function openingOf(changes: readonly AllotmentChange[], closing: number | null, used: number): number | null {
  const turn = changes.findIndex(({ leftBefore, leftAfter }) => leftBefore === null || leftAfter === null)
  const at = changes[turn]
  const before = at === undefined ? changes : changes.slice(0, turn)
  const left = at === undefined ? closing : at.leftBefore
  if (left === null) return null
  const added = before.reduce((sum, change) => sum + unitsOf(change), 0)
  return left - added + (at === undefined ? used : at.usedBefore)
}
