import { useEffect, useEffectEvent } from 'react'

/**
 * Listens for single keys, by the character they give and not by where they lie: `/` is Shift+7 on some
 * keyboards. Keys pressed while someone writes, or in a menu, a dialogue or the tree, are meant for those.
 */
export function useKeys(keys: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const run = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
    if (run && !isMeantElsewhere(event.target)) run(event)
  })
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

const elsewhere =
  'input:not([type=checkbox]), textarea, select, [contenteditable], [role=menu], [role=dialog], [data-own-keys]'

function isMeantElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(elsewhere) !== null
}
