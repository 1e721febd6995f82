import { useRouterState } from '@tanstack/react-router'
import { type RefObject, type UIEvent, useLayoutEffect, useRef } from 'react'

/** Pixels down to where lists were left, by the entry of the browser's history. */
const leftAt = new Map<string, number>()

/**
 * Begins every page of a list at its first row, and on the way back where it was left.
 * @param hasRows whether there is something to scroll yet
 */
export function useKeptScroll(hasRows: boolean): {
  readonly ref: RefObject<HTMLDivElement | null>
  readonly onScroll: (event: UIEvent<HTMLElement>) => void
} {
  const ref = useRef<HTMLDivElement>(null)
  const entry = useRouterState({ select: ({ location }) => location.state.__TSR_key ?? '' })
  useLayoutEffect(() => {
    if (hasRows && ref.current) ref.current.scrollTop = leftAt.get(entry) ?? 0
  }, [entry, hasRows])
  return { ref, onScroll: (event) => leftAt.set(entry, event.currentTarget.scrollTop) }
}
