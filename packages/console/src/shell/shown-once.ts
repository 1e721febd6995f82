import { useBlocker } from '@tanstack/react-router'

/**
 * Nobody leaves the screen while this holds, by the browser's way back neither.
 * @param holds whether something would be lost that can't be had again, or is asked of the server and can't be called back
 */
export function useStay(holds: boolean): void {
  useBlocker({ shouldBlockFn: () => true, disabled: !holds })
}

/** Of a dialog with what is shown this once: it closes by its own button alone, never by a slip of the hand. */
export function useShownOnce(isShown: boolean) {
  useStay(isShown)
  return isShown ? { closeOnEscape: false, closeOnClickOutside: false, withCloseButton: false } : {}
}
