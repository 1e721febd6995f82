import type { MouseEvent } from 'react'

/** The second click of a double click is none: where the first has taken a row away, it would fall on the next one. */
export function once(run: (() => void) | undefined): (event: MouseEvent) => void {
  return (event) => {
    if (event.detail < 2) run?.()
  }
}
