import { type RefObject, useState } from 'react'
import { useKeys } from '../shell/use-keys.ts'

/** What the keys do with the row the cursor is on. */
export interface RowKeys {
  readonly rowCount: number
  readonly open: (index: number) => void
  readonly openMenu: (index: number, row: HTMLElement) => void
  readonly select: (index: number) => void
}

/**
 * Moves a cursor over the rows with `j` and `k` or the arrows, opens with Enter, the menu with `.`, selects
 * with `x`. The row under the cursor has the focus, so that Tab goes on to its switches and icons.
 * @returns the row under the cursor, or -1, and how to put it elsewhere
 */
export function useRowKeys(
  body: RefObject<HTMLElement | null>,
  keys: RowKeys,
): [number, (index: number) => void] {
  const [kept, setCursor] = useState(-1)
  const cursor = Math.min(kept, keys.rowCount - 1)
  const rowAt = (index: number) => body.current?.children[index] as HTMLElement | undefined
  const move = (by: number) => {
    if (keys.rowCount === 0) return
    const next = cursor < 0 ? 0 : Math.min(Math.max(cursor + by, 0), keys.rowCount - 1)
    setCursor(next)
    rowAt(next)?.focus()
  }
  const onRow = (run: (index: number, row: HTMLElement) => void) => (event: KeyboardEvent) => {
    const row = rowAt(cursor)
    // Enter on a link or a switch inside the row belongs to that.
    const isOnControl = event.target instanceof Element && event.target.closest('a, button, input') !== null
    if (!row || (event.key === 'Enter' && isOnControl)) return
    event.preventDefault()
    run(cursor, row)
  }
  const moveBy = (by: number) => (event: KeyboardEvent) => {
    event.preventDefault()
    move(by)
  }
  useKeys({
    j: moveBy(1),
    k: moveBy(-1),
    ArrowDown: moveBy(1),
    ArrowUp: moveBy(-1),
    Enter: onRow(keys.open),
    '.': onRow(keys.openMenu),
    x: onRow(keys.select),
  })
  return [cursor, setCursor]
}
