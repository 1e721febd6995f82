import { useEffect, useState } from 'react'
import styles from './hints.module.css'

interface Hint {
  readonly text: string
  readonly left: number
  readonly top: number
  readonly above: boolean
}

/**
 * The one hint of the whole console: anything with `data-hint` shows it on hover and on keyboard focus.
 * One for all, as a hint for each icon of each row would be most of what a long list is made of.
 * It is for the eyes only: what carries it also carries an accessible name or description.
 */
export function Hints() {
  const [hint, setHint] = useState<Hint | null>(null)
  useEffect(() => {
    const show = (event: Event) => {
      const target = event.target instanceof Element ? event.target.closest('[data-hint]') : null
      const text = target?.getAttribute('data-hint')
      if (!target || !text) return setHint(null)
      if (event.type === 'focusin' && !target.matches(':focus-visible')) return
      const box = target.getBoundingClientRect()
      const above = box.bottom + 60 > window.innerHeight
      const middle = box.left + box.width / 2
      setHint({
        text,
        left: Math.min(Math.max(middle, 90), window.innerWidth - 90),
        top: above ? box.top - 6 : box.bottom + 6,
        above,
      })
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
    <div
      className={styles.hint}
      data-above={hint.above || undefined}
      style={{ left: hint.left, top: hint.top }}
      aria-hidden
    >
      {hint.text}
    </div>
  )
}
