import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import styles from './hints.module.css'

interface Hint {
  readonly text: string
  /** What it is about, in the window */
  readonly box: DOMRect
}

/** Pixels between a hint, what it is about, and the edges of the window */
const gap = 6

/**
 * The one hint of the whole console: anything with `data-hint` shows it on hover and on keyboard focus; with
 * `data-hint-if-cut`, only where its own words are cut.
 * One for all, as a hint for each icon of each row would be most of what a long list is made of.
 * It is for the eyes only: what carries it also carries an accessible name or description.
 */
export function Hints() {
  const [hint, setHint] = useState<Hint | null>(null)
  const element = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (hint && element.current) place(element.current, hint.box)
  }, [hint])
  useEffect(() => {
    const show = (event: Event) => {
      const target = event.target instanceof Element ? event.target.closest('[data-hint]') : null
      const text = target?.getAttribute('data-hint')
      if (!target || !text) return setHint(null)
      if (event.type === 'focusin' && !target.matches(':focus-visible')) return
      if (target.hasAttribute('data-hint-if-cut') && target.scrollWidth <= target.clientWidth) {
        return setHint(null)
      }
      setHint({ text, box: target.getBoundingClientRect() })
    }
    const hide = () => setHint(null)
    const events = ['pointerover', 'focusin'] as const
    for (const name of events) document.addEventListener(name, show)
    for (const name of ['pointerdown', 'keydown', 'scroll'] as const)
      document.addEventListener(name, hide, true)
    return () => {
      for (const name of events) document.removeEventListener(name, show)
      for (const name of ['pointerdown', 'keydown', 'scroll'] as const)
        document.removeEventListener(name, hide, true)
    }
  }, [])
  if (!hint) return null
  return (
    <div ref={element} className={styles.hint} aria-hidden>
      {hint.text}
    </div>
  )
}

/** Below what it is about, above it at the foot of the window, and whole in any case. */
function place(hint: HTMLElement, box: DOMRect): void {
  const { width, height } = hint.getBoundingClientRect()
  const middle = box.left + box.width / 2
  const isAbove = box.bottom + height + 2 * gap > window.innerHeight
  const left = Math.max(Math.min(middle - width / 2, window.innerWidth - width - gap), gap)
  hint.style.left = `${left}px`
  hint.style.top = `${isAbove ? box.top - height - gap : box.bottom + gap}px`
}
