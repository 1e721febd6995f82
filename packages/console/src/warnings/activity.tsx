import type { ClientSigns } from '@granary/contract'
import { lazy } from 'react'
import { ChartFigure } from '../charts/chart-figure.tsx'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import styles from './warnings.module.css'

const DayBars = lazy(() =>
  import('../charts/day-bars.tsx').then(({ DayBars: component }) => ({ default: component })),
)

/** What a client did day by day, against what is usual for it; nothing before it has done anything. */
export function Activity({ signs }: { signs: ClientSigns | undefined }) {
  const formatBytes = useFormatBytes()
  if (!signs || signs.days.length === 0) return null
  const { learning, usual, sensitivity } = signs
  const last = signs.days.findLast(({ backups }) => backups > 0)
  const sum = (storedBytes: number, removedBytes: number) =>
    `+${formatBytes(storedBytes)}${removedBytes === 0 ? '' : `, −${formatBytes(removedBytes)}`}`
  const figures: readonly (readonly [string, string])[] = [
    ...(last ? [[texts.warnings.lastDay, sum(last.storedBytes, last.removedBytes)] as const] : []),
    // Of no days there is no usual one.
    ...(learning.days > 0
      ? [[texts.warnings.usualDay, sum(usual.storedBytes, usual.removedBytes)] as const]
      : []),
  ]
  return (
    <div>
      <ChartFigure title={texts.warnings.activity}>
        <DayBars days={signs.days} usualBytes={usual.storedBytes} />
      </ChartFigure>
      {figures.length > 0 && (
        <dl className={styles.figures}>
          {figures.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {sensitivity === 'off' && <p className={styles.note}>{texts.warnings.off}</p>}
      {sensitivity !== 'off' && learning.days < learning.needed && (
        <p className={styles.note}>{texts.warnings.learning(learning.days, learning.needed)}</p>
      )}
    </div>
  )
}
