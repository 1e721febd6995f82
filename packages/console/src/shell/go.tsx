import { useRouter } from '@tanstack/react-router'
import type { ComponentProps, MouseEvent } from 'react'

/** A link inside the console. What it leads to is read while the pointer rests on it. */
export function Go({ href, onClick, ...rest }: ComponentProps<'a'> & { href: string }) {
  const router = useRouter()
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    const opensElsewhere =
      event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    if (event.defaultPrevented || opensElsewhere) return
    event.preventDefault()
    router.history.push(href)
  }
  const prepare = () => {
    const { pathname, searchParams } = new URL(href, window.location.origin)
    // A screen that can't be prepared says so itself once it is opened.
    router
      .preloadRoute({ to: pathname, search: Object.fromEntries(searchParams) } as never)
      .catch(() => undefined)
  }
  return <a {...rest} href={href} onClick={follow} onPointerEnter={prepare} onFocus={prepare} />
}
