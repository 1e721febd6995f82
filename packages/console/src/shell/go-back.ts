import type { RouterHistory } from '@tanstack/react-router'

/** Back to where one came from; who came by a link from elsewhere stays in the console. */
export function goBack(history: RouterHistory): void {
  if (history.canGoBack()) history.back()
  else history.push('/')
}
