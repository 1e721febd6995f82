import type { RefObject } from 'react'
import { useKeys } from '../shell/use-keys.ts'

/**
 * The tree by keyboard: `j` and `k` or the arrows move over its rows, right and left unfold and fold or go to the row
 * above, Enter opens, `e` edits what is allotted.
 */
export function useSpaceKeys(body: RefObject<HTMLElement | null>): void {
  const rows = () => [...(body.current?.querySelectorAll<HTMLElement>('tr[data-depth]') ?? [])]
  const here = () => document.activeElement?.closest<HTMLElement>('tr[data-depth]') ?? null
  const depthOf = (row: HTMLElement) => Number(row.dataset.depth)
  const click = (selector: string) => here()?.querySelector<HTMLElement>(selector)?.click()
  const moveBy = (by: number) => (event: KeyboardEvent) => {
    event.preventDefault()
    const all = rows()
    const at = all.indexOf(here() as HTMLElement)
    all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus()
  }
  const goUp = () => {
    const row = here()
    const above = row && rows().slice(0, rows().indexOf(row))
    above?.findLast((one) => depthOf(one) < depthOf(row as HTMLElement))?.focus()
  }
  const unfold = () => click('[aria-expanded=false]')
  const foldOrGoUp = () => {
    if (here()?.querySelector('[aria-expanded=true]')) click('[aria-expanded=true]')
    else goUp()
  }
  // Enter on a link or a button in the row belongs to that.
  const open = (event: KeyboardEvent) => {
    if (event.target === here()) click('a')
  }
  const edit = (event: KeyboardEvent) => {
    event.preventDefault()
    click('[data-column=allottedSpace] button')
  }
  useKeys({
    j: moveBy(1),
    k: moveBy(-1),
    ArrowDown: moveBy(1),
    ArrowUp: moveBy(-1),
    ArrowRight: unfold,
    ArrowLeft: foldOrGoUp,
    Enter: open,
    e: edit,
  })
}
