import type { KeyboardEvent } from 'react'

/** Up and down move over the nodes on screen; right opens, left closes or goes to the node above. */
export function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('li a')]
  const at = links.indexOf(document.activeElement as HTMLAnchorElement)
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    links[event.key === 'ArrowDown' ? at + 1 : Math.max(at - 1, 0)]?.focus()
    return
  }
  const link = links[at]
  if (!link) return
  const opener = link.parentElement?.querySelector<HTMLButtonElement>('button[aria-expanded]')
  const isOpen = opener?.getAttribute('aria-expanded') === 'true'
  if (event.key === 'ArrowRight' && opener && !isOpen) opener.click()
  if (event.key === 'ArrowLeft') {
    if (opener && isOpen) opener.click()
    else link.closest('ul')?.closest('li')?.querySelector<HTMLAnchorElement>('a')?.focus()
  }
}
