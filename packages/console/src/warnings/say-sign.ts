import type { Warning } from '@granary/contract'
import { formatDuration } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'

/** The figures of a warning sign, in a sentence. */
export function saySign(
  { sign, observed, usual, held }: Warning,
  formatBytes: (bytes: number) => string,
): string {
  switch (sign) {
    case 'new-bytes':
    case 'deduplication-lost':
    case 'data-removed':
      return texts.warnings.sized(formatBytes(observed), formatBytes(usual), formatBytes(held))
    case 'versions-removed':
    case 'version-flood':
      return texts.warnings.counted(observed, usual, held)
    case 'repository-stripped':
      return texts.warnings.stripped
    case 'clock-skew':
      return texts.warnings.clock(formatDuration(Math.abs(observed)), observed > 0)
  }
}
