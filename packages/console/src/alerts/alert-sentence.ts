import { type Alert, sayAlert } from '@granary/contract'
import { formatCount, formatTime } from '../texts/formats.ts'
import { language } from '../texts/index.ts'

/** What is the matter, in the language and the units that are chosen. */
export function alertSentence(
  { message, text }: Pick<Alert, 'message' | 'text'>,
  formatBytes: (bytes: number) => string,
): string {
  if (message === null) return text
  return sayAlert(language, message, { bytes: formatBytes, count: formatCount, time: formatTime })
}
