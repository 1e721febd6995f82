import { UsageError } from './usage-error.ts'

const levels: Record<string, number> = { auto: 3, off: 0, fastest: 1, better: 7, max: 12 }

/** The zstd level of restic's compression modes. @throws {UsageError} */
export function compressionLevelOf(mode: string | undefined): number | undefined {
  if (mode === undefined || mode === '') return undefined
  const level = levels[mode]
  if (level === undefined)
    throw new UsageError(`compression is ${Object.keys(levels).join(', ')}, and not ${mode}`)
  return level
}
