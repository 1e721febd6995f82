import type { RouterHistory } from '@tanstack/react-router'

/**
 * Back to where one came from; who came by a link from elsewhere stays in the console.
 * @param options.ignoreBlocker whether nothing is lost that could keep one here
 */
export function goBack(history: RouterHistory, options?: { readonly ignoreBlocker: boolean }): void {
  if (history.canGoBack()) history.back(options)
  else history.push('/', undefined, options)
}
