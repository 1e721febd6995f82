import { formatBytes } from '@granary/contract'
import { texts } from '../texts/index.ts'
import styles from './tenants.module.css'

/** Quiet below four fifths of the limit, amber from there, red at the limit. */
function fullness(space: { allottedBytes: number | null; usedBytes: number }): 'quiet' | 'near' | 'full' {
  if (space.allottedBytes === null) return 'quiet'
  if (space.usedBytes >= space.allottedBytes) return space.usedBytes === 0 ? 'quiet' : 'full'
  return space.usedBytes >= space.allottedBytes * 0.8 ? 'near' : 'quiet'
}

/** Used Space: the number, and a bar against the limit where there is one. */
export function UsedSpace({ space }: { space: { allottedBytes: number | null; usedBytes: number } }) {
  const used = formatBytes(space.usedBytes)
  if (space.allottedBytes === null) {
    return (
      <div className={styles.usedSpace} data-hint={texts.table.usedUnlimited(used)}>
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
      data-hint={texts.table.usedOf(used, formatBytes(space.allottedBytes), percent)}
    >
      <div className={styles.bar} data-fullness={fullness(space)} aria-hidden>
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <span data-fullness={fullness(space)}>{used}</span>
    </div>
  )
}

export function AllottedSpace({ bytes }: { bytes: number | null }) {
  return bytes === null ? <span className={styles.dimmed}>{texts.common.unlimited}</span> : formatBytes(bytes)
}
