/** Of a dialog with what is shown this once: it closes by its own button alone, never by a slip of the hand. */
export const closesByItsButton = {
  closeOnEscape: false,
  closeOnClickOutside: false,
  withCloseButton: false,
} as const
