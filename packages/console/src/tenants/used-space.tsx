import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react'
import { texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import { useFormatBytes } from '../units/unit-system.ts'
import { type SpaceTrend, spaceTrend } from './space-trend.ts'
import styles from './tenants.module.css'

interface Space {
  readonly allottedBytes: number | null
  readonly usedBytes: number
  readonly usedBytesMonthAgo: number | null
}

/** Quiet below four fifths of the limit, amber from there, red at the limit. */
function fullness(space: Space): 'quiet' | 'near' | 'full' {
  if (space.allottedBytes === null) return 'quiet'
  if (space.usedBytes >= space.allottedBytes) return space.usedBytes === 0 ? 'quiet' : 'full'
  return space.usedBytes >= space.allottedBytes * 0.8 ? 'near' : 'quiet'
}

/** Used Space: the number, where it is heading, and a bar against the limit where there is one. */
export function UsedSpace({ space }: { space: Space }) {
  const formatBytes = useFormatBytes()
  const used = formatBytes(space.usedBytes)
  const trend = spaceTrend(space)
  if (space.allottedBytes === null) {
    return (
      <div className={styles.usedSpace} data-hint={hint(texts.table.usedUnlimited(used), trend, formatBytes)}>
        <Trend trend={trend} />
        <span>{used}</span>
      </div>
    )
  }
  // Whatever is stored can be seen.
  const least = space.usedBytes > 0 ? 0.01 : 0
  const share =
    space.allottedBytes === 0 ? 1 : Math.min(Math.max(space.usedBytes / space.allottedBytes, least), 1)
  const percent = space.allottedBytes === 0 ? 100 : Math.floor((space.usedBytes / space.allottedBytes) * 100)
  return (
    <div
      className={styles.usedSpace}
      data-hint={hint(
        texts.table.usedOf(used, formatBytes(space.allottedBytes), percent),
        trend,
        formatBytes,
      )}
    >
      <div className={styles.bar} data-fullness={fullness(space)} aria-hidden>
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <Trend trend={trend} />
      <span data-fullness={fullness(space)}>{used}</span>
    </div>
  )
}

/** A small arrow before the figure, so that figures stay below each other; its room is there without it. */
function Trend({ trend }: { trend: SpaceTrend | null }) {
  const Arrow = trend?.direction === 'up' ? IconArrowUpRight : IconArrowDownRight
  return (
    <span className={styles.trend} aria-hidden>
      {trend && <Arrow size={14} stroke={1.8} />}
    </span>
  )
}

function hint(now: string, trend: SpaceTrend | null, formatBytes: (bytes: number) => string): string {
  if (!trend) return now
  const bytes = formatBytes(trend.bytes)
  const moved = trend.direction === 'up' ? texts.table.grew(bytes) : texts.table.shrank(bytes)
  return [now, moved, ...(trend.fullInDays === null ? [] : [texts.table.fullIn(trend.fullInDays)])].join(
    ' · ',
  )
}

export function AllottedSpace({ bytes }: { bytes: number | null }) {
  return bytes === null ? (
    <span className={styles.dimmed}>{texts.common.unlimited}</span>
  ) : (
    <Size bytes={bytes} />
  )
}
